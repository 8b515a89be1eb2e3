//! Runs a Postgres and a Redis until Ctrl-C, for a look by hand: prints the address of each.

use anyhow::Result;
use throwaway::{Postgres, Redis};

fn main() -> Result<()> {
    let (postgres, redis) = (Postgres::start()?, Redis::start()?);
    println!("{}\n{}", postgres.url(), redis.url());
    loop {
        std::thread::park();
    }
}
