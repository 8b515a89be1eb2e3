//! The verifier's layers under whatever can be thrown at them, and beside other implementations of the same standards.

#[path = "../../../fuzz/src/lib.rs"]
mod fuzz;
mod legacy;
mod mutations;
mod oddly;
mod others;
mod policies;
mod properties;
mod remembered;
mod seeds;
mod timing;
mod verifier;
