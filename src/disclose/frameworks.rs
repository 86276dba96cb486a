//! What well-known controls ask, in a few words of our own. The frameworks' own texts belong to their publishers.

/// A framework: how policies name it, how people do, and its controls.
struct Framework {
    ids: &'static [&'static str],
    name: &'static str,
    controls: &'static [(&'static str, &'static str)],
}

const FRAMEWORKS: &[Framework] = &[
    Framework {
        ids: &["SOC2", "SOC-2", "TSC"],
        name: "SOC 2",
        controls: &[
            ("CC1.1", "Integrity and ethical values"),
            ("CC1.2", "Oversight by the board"),
            ("CC1.3", "Structures, reporting lines and authority"),
            ("CC1.4", "Competent people"),
            ("CC1.5", "People answer for their controls"),
            ("CC2.1", "Information of good quality"),
            ("CC2.2", "Telling people inside"),
            ("CC2.3", "Telling parties outside"),
            ("CC3.1", "Objectives that are clear enough to find risks"),
            ("CC3.2", "Risks are found and weighed"),
            ("CC3.3", "Fraud is considered"),
            ("CC3.4", "Changes that could upset controls are seen"),
            ("CC4.1", "Controls are evaluated"),
            ("CC4.2", "Deficiencies are told and mended"),
            ("CC5.1", "Controls are chosen against risks"),
            ("CC5.2", "General controls over technology"),
            ("CC5.3", "Controls are put to work through policies"),
            ("CC6.1", "Logical access is protected"),
            ("CC6.2", "Users are registered and removed"),
            ("CC6.3", "Access by role, least privilege, separated duties"),
            ("CC6.4", "Physical access is restricted"),
            ("CC6.5", "Data is gone before equipment goes"),
            ("CC6.6", "Protection against threats from outside"),
            ("CC6.7", "Data is protected when it moves"),
            ("CC6.8", "Unauthorised and malicious software is kept out"),
            ("CC7.1", "Weaknesses and changed configurations are detected"),
            ("CC7.2", "Anomalies are watched for"),
            ("CC7.3", "Events are evaluated"),
            ("CC7.4", "Incidents are responded to"),
            ("CC7.5", "Recovery from incidents"),
            ("CC8.1", "Changes are authorised, designed, tested, approved and put in place"),
            ("CC9.1", "Business disruptions are prepared for"),
            ("CC9.2", "Vendors and partners are managed"),
            ("A1.1", "Capacity is watched and managed"),
            ("A1.2", "Backups and recovery infrastructure"),
            ("A1.3", "Recovery is tested"),
            ("C1.1", "Confidential information is identified and kept"),
            ("C1.2", "Confidential information is disposed of"),
            ("PI1.3", "Processing is complete, accurate and timely"),
        ],
    },
    Framework {
        ids: &["ISO27001", "ISO-27001", "ISO/IEC27001"],
        name: "ISO 27001",
        controls: &[
            ("A.5.1", "Policies for information security"),
            ("A.5.2", "Roles and responsibilities"),
            ("A.5.3", "Separated duties"),
            ("A.5.8", "Security in projects"),
            ("A.5.9", "Inventory of assets"),
            ("A.5.15", "Access control"),
            ("A.5.16", "Identities are managed"),
            ("A.5.18", "Access rights"),
            ("A.5.19", "Security with suppliers"),
            ("A.5.20", "Security in contracts with suppliers"),
            ("A.5.22", "Suppliers are watched and their changes managed"),
            ("A.5.23", "Cloud services"),
            ("A.5.24", "Incidents are prepared for"),
            ("A.5.25", "Events are weighed"),
            ("A.5.26", "Incidents are responded to"),
            ("A.5.27", "Learning from incidents"),
            ("A.5.28", "Evidence is collected"),
            ("A.5.29", "Security during disruption"),
            ("A.5.30", "Technology ready for continuity"),
            ("A.5.31", "Duties of law and contract"),
            ("A.5.33", "Records are protected"),
            ("A.5.34", "Privacy and personal data"),
            ("A.5.35", "Independent review"),
            ("A.5.36", "Policies and standards are kept"),
            ("A.5.37", "Operating procedures are written down"),
            ("A.8.2", "Privileged access"),
            ("A.8.4", "Access to source code"),
            ("A.8.6", "Capacity"),
            ("A.8.7", "Protection against malware"),
            ("A.8.8", "Technical weaknesses"),
            ("A.8.9", "Configuration is managed"),
            ("A.8.10", "Information is deleted"),
            ("A.8.13", "Backup"),
            ("A.8.14", "Redundancy"),
            ("A.8.15", "Logging"),
            ("A.8.16", "Monitoring"),
            ("A.8.19", "Software on systems in operation"),
            ("A.8.24", "Cryptography"),
            ("A.8.25", "Secure development"),
            ("A.8.26", "Security needs of applications"),
            ("A.8.27", "Secure architecture"),
            ("A.8.28", "Secure coding"),
            ("A.8.29", "Security tests before acceptance"),
            ("A.8.30", "Development by others"),
            ("A.8.31", "Development, test and production are apart"),
            ("A.8.32", "Changes are managed"),
            ("A.8.33", "Test information"),
        ],
    },
    Framework {
        ids: &["NIST800-53", "NIST-800-53", "NIST-SP-800-53"],
        name: "NIST 800-53",
        controls: &[
            ("AC-2", "Accounts are managed"),
            ("AC-3", "Access is enforced"),
            ("AC-5", "Separated duties"),
            ("AC-6", "Least privilege"),
            ("AU-2", "Events are logged"),
            ("AU-6", "Audit records are reviewed"),
            ("AU-11", "Audit records are kept"),
            ("CA-2", "Controls are assessed"),
            ("CA-7", "Continuous monitoring"),
            ("CM-1", "Policy for configuration management"),
            ("CM-2", "Baseline configuration"),
            ("CM-3", "Changes to configuration are controlled"),
            ("CM-3(2)", "Changes are tested and documented before they are made"),
            ("CM-4", "Impact of changes is analysed"),
            ("CM-5", "Who may make changes is restricted"),
            ("CM-6", "Configuration settings"),
            ("CM-7", "Least functionality"),
            ("CM-8", "Inventory of components"),
            ("CM-9", "Plan for configuration management"),
            ("CP-2", "Contingency plan"),
            ("CP-9", "Backup"),
            ("CP-10", "Recovery"),
            ("IA-2", "Users are identified"),
            ("IR-4", "Incidents are handled"),
            ("IR-5", "Incidents are tracked"),
            ("IR-6", "Incidents are reported"),
            ("RA-3", "Risk is assessed"),
            ("RA-5", "Weaknesses are scanned for"),
            ("SA-8", "Security engineering"),
            ("SA-10", "Developers manage configuration"),
            ("SA-11", "Developers test and evaluate"),
            ("SI-2", "Flaws are mended"),
            ("SI-7", "Integrity of software and information"),
        ],
    },
    Framework {
        ids: &["PCI-DSS", "PCIDSS", "PCI"],
        name: "PCI DSS",
        controls: &[
            ("1.2.2", "Changes to network connections and their controls are managed"),
            ("6.2.1", "Software is developed securely"),
            ("6.2.3", "Custom software is reviewed before release"),
            ("6.2.3.1", "Manual reviews are by somebody other than the author, and approved"),
            ("6.2.4", "Common attacks are designed out"),
            ("6.3.1", "Weaknesses are found and ranked"),
            ("6.3.3", "Known weaknesses are patched in time"),
            ("6.4.1", "Public web applications are protected"),
            ("6.5.1", "Changes to production follow a procedure: reason, impact, approval, testing, way back"),
            ("6.5.2", "After a significant change every requirement still holds"),
            ("6.5.3", "Other environments are apart from production"),
            ("6.5.4", "Roles are separated between production and other environments"),
            ("6.5.5", "No live card numbers in other environments"),
            ("6.5.6", "Test data is gone before production"),
            ("7.2.1", "Access by need"),
            ("8.2.1", "Everybody has an identity of their own"),
            ("10.2.1", "Audit logs are on"),
            ("10.5.1", "Audit logs are kept for a year"),
            ("11.3.1", "Inside scans for weaknesses"),
            ("11.4.1", "Penetration tests"),
            ("11.5.2", "Changed files are detected"),
            ("12.10.1", "A plan for incidents"),
        ],
    },
    Framework {
        ids: &["HIPAA"],
        name: "HIPAA",
        controls: &[
            ("164.308(a)(1)", "Security is managed as a process"),
            ("164.308(a)(8)", "Security is evaluated, also after changes"),
            ("164.312(a)(1)", "Access control"),
            ("164.312(b)", "Audit controls"),
            ("164.312(c)(1)", "Integrity"),
            ("164.316(b)(1)", "Policies and actions are documented"),
        ],
    },
    Framework {
        ids: &["NIST-CSF", "NISTCSF"],
        name: "NIST CSF",
        controls: &[
            ("PR.PS-01", "Configuration management"),
            ("PR.PS-02", "Software is maintained, replaced and removed by risk"),
            ("PR.PS-06", "Secure development"),
            ("ID.RA-07", "Changes and exceptions are managed, and their risk weighed"),
        ],
    },
    Framework { ids: &["DORA"], name: "DORA", controls: &[("9.4(e)", "Changes to ICT systems are managed")] },
    Framework { ids: &["NIS2"], name: "NIS 2", controls: &[("21.2(e)", "Secure acquisition, development and upkeep")] },
    Framework { ids: &["ISO42001"], name: "ISO 42001", controls: &[] },
    Framework { ids: &["ISO27017"], name: "ISO 27017", controls: &[] },
    Framework { ids: &["ISO27018"], name: "ISO 27018", controls: &[] },
];

fn known(id: &str) -> Option<&'static Framework> {
    FRAMEWORKS.iter().find(|f| f.ids.iter().any(|known| known.eq_ignore_ascii_case(id)))
}

/// What people call a framework.
pub(super) fn name(id: &str) -> &str {
    known(id).map_or(id, |f| f.name)
}

/// What a control asks, where that is known.
pub(super) fn title(framework: &str, control: &str) -> Option<&'static str> {
    let same = |known: &&(&str, &str)| known.0.eq_ignore_ascii_case(control);
    known(framework)?.controls.iter().find(same).map(|(_, title)| *title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frameworks_are_known_by_any_of_their_names_and_others_by_their_own() {
        assert_eq!((name("soc2"), name("PCIDSS"), name("ACME")), ("SOC 2", "PCI DSS", "ACME"));
        assert_eq!(title("ISO27001", "A.8.32"), Some("Changes are managed"));
        assert_eq!((title("SOC2", "CC99.9"), title("ACME", "CC8.1")), (None, None));
    }

    #[test]
    fn no_control_is_listed_twice() {
        for framework in FRAMEWORKS {
            let mut controls: Vec<&str> = framework.controls.iter().map(|(control, _)| *control).collect();
            controls.sort_unstable();
            assert!(controls.windows(2).all(|two| two[0] != two[1]), "{}", framework.name);
        }
    }
}
