use std::net::SocketAddr;

/// The journey of the README, for the addresses that it names.
const TOUR: &str = include_str!("tour.sh");

/// Says where the services are, and what to try first.
pub fn print(auth: SocketAddr, recipes: SocketAddr) {
    let (auth, recipes) = (url(auth), url(recipes));
    let tour = TOUR.replace("http://localhost:8081", &auth).replace("http://localhost:8082", &recipes);
    println!(
        "\nauth-service    {auth}    try it at {auth}/docs\n\
         recipe-service  {recipes}    try it at {recipes}/docs\n\n\
         Paste this into another terminal, as often as you like:\n\n{tour}\n\
         Ctrl-C stops both.\n"
    );
}

fn url(address: SocketAddr) -> String {
    if address.ip().is_loopback() || address.ip().is_unspecified() {
        return format!("http://localhost:{}", address.port());
    }
    format!("http://{address}")
}
