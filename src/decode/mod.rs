//! From trees to the model: every mistake of every document becomes a diagnostic, all of them in one run.
//!
//! Documents are read by their tables ([`table`]); what a field may hold is its type's business (`reader`). What a
//! document says about others (its policy's words, people, rules) is checked once those are read. Nothing here judges.

mod closed;
pub mod codes;
mod content;
mod deployments;
mod front;
mod mapping;
mod named;
mod past;
mod people;
pub mod placeholder;
mod policy;
mod reader;
mod record;
mod references;
mod rules;
pub mod said;
mod site;
mod stated;
pub mod table;
mod tables;
mod trust;
mod trust_checks;
mod waiver;

pub use closed::{check_closed, closed_name, closed_shape, decode_closed};
pub use codes::CODES;
pub use content::{decode_list, decode_page};
pub use deployments::decode_deployments;
pub use mapping::{Mapping, Pair, decode_mapping, mapping_shape, record_field};
pub use past::{RecordState, record_states};
pub use people::{decode_people, person_shape};
pub use policy::{PolicyInput, check_dates_of, check_policy_dates, decode_policy, policy_shape};
pub use record::{decode_records, record_shape};
pub use references::{RecordContext, check_ids, check_people, check_references, check_words};
pub use rules::roles_of;
pub use site::{check_targets, decode_site, site_shape, zone_named};
pub use stated::{stated_id, stated_version};
pub use trust::{decode_trust, trust_shape};
pub use trust_checks::{check_lists, check_security_txt, check_trust};
pub use waiver::{check_waivers, decode_waivers, waiver_shape};
