//! The preview: what is saved while it runs (fault 36), and what comes in through its socket (fault 37).

mod records;
mod running;
mod saved;
mod socket;
