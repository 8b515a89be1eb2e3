/// Declares the flags of an [`Edge`](crate::web::Edge) under the variables of one service, to be flattened into its own.
///
/// ```
/// common::edge_flags!(pub EdgeFlags, "KITCHEN");
/// ```
#[macro_export]
macro_rules! edge_flags {
    (pub $name:ident, $prefix:literal) => {
        /// The settings of the edge as flags and variables.
        #[derive(::clap::Args, Clone, Debug)]
        #[command(next_help_heading = "Clients")]
        pub struct $name {
            /// The proxies whose word on a client's address is taken (X-Forwarded-For): a list of addresses and networks
            /// such as 10.0.0.0/8 [default: none].
            #[arg(long, env = concat!($prefix, "_TRUSTED_PROXIES"), global = true)]
            trusted_proxies: Option<String>,
            /// The web origins whose scripts may call it: a list such as https://app.example.org [default: none].
            #[arg(long, env = concat!($prefix, "_CORS_ORIGINS"), global = true)]
            cors_origins: Option<String>,
            /// How long the head of a request may take.
            #[arg(long, env = concat!($prefix, "_HEAD_TIMEOUT"), default_value = "5s", global = true)]
            head_timeout: String,
            /// How long the body of a request may take.
            #[arg(long, env = concat!($prefix, "_BODY_TIMEOUT"), default_value = "12s", global = true)]
            body_timeout: String,
            /// How long an answer may wait for a client that does not read; 8 KiB that it reads give it a second more.
            #[arg(long, env = concat!($prefix, "_SEND_TIMEOUT"), default_value = "10s", global = true)]
            send_timeout: String,
            /// How long a connection may lie idle between requests: longer than a gateway keeps it.
            #[arg(long, env = concat!($prefix, "_IDLE_TIMEOUT"), default_value = "75s", global = true)]
            idle_timeout: String,
            /// How many connections each listener has at once.
            #[arg(long, env = concat!($prefix, "_CONNECTIONS"), default_value = "8192", global = true)]
            connections: String,
        }

        impl $name {
            /// What the texts mean.
            ///
            /// # Errors
            /// The first value that cannot be used.
            pub fn edge(&self) -> Result<$crate::web::Edge, $crate::settings::BadValue> {
                use ::std::time::Duration;
                use $crate::settings::{duration_within, number};
                let timeout = |variable, text: &str| {
                    duration_within(variable, text, Duration::from_millis(50)..=Duration::from_secs(3600))
                };
                Ok($crate::web::Edge {
                    trusted_proxies: $crate::web::Proxies::parse(
                        concat!($prefix, "_TRUSTED_PROXIES"),
                        self.trusted_proxies.as_deref().unwrap_or_default(),
                    )?,
                    cors_origins: $crate::web::Origins::parse(
                        concat!($prefix, "_CORS_ORIGINS"),
                        self.cors_origins.as_deref().unwrap_or_default(),
                    )?,
                    limits: $crate::web::Limits {
                        head: timeout(concat!($prefix, "_HEAD_TIMEOUT"), &self.head_timeout)?,
                        body: timeout(concat!($prefix, "_BODY_TIMEOUT"), &self.body_timeout)?,
                        send: timeout(concat!($prefix, "_SEND_TIMEOUT"), &self.send_timeout)?,
                        idle: timeout(concat!($prefix, "_IDLE_TIMEOUT"), &self.idle_timeout)?,
                        connections: number(
                            concat!($prefix, "_CONNECTIONS"),
                            &self.connections,
                            1,
                            1_000_000,
                        )?,
                    },
                })
            }
        }
    };
}
