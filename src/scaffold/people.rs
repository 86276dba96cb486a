//! Example people: between them they hold every role the policy names.

use std::fmt::Write;

use crate::model::{Check, PolicyVersion, Role};

/// Somebody a new site is peopled with.
#[derive(Debug)]
pub(super) struct Player {
    pub(super) id: &'static str,
    name: &'static str,
    account: &'static str,
    /// The roles they hold; never empty.
    pub(super) roles: Vec<String>,
}

/// Who can be in a new site, and which roles they take where the policy names them.
struct Part {
    id: &'static str,
    name: &'static str,
    account: &'static str,
    /// Held in every site.
    always: Option<&'static str>,
    takes: &'static [&'static str],
}

/// The author, the reviewer, the lead, the head. A role that nobody takes goes to the lead.
const PARTS: [Part; 4] = [
    Part { id: "a.morgan", name: "Alex Morgan", account: "github:alexmorgan", always: Some("engineer"), takes: &[] },
    Part {
        id: "s.rivera",
        name: "Sam Rivera",
        account: "github:samrivera",
        always: Some("senior-engineer"),
        takes: &["qa-lead", "security-lead"],
    },
    Part {
        id: "r.chen",
        name: "Robin Chen",
        account: "github:robinchen",
        always: None,
        takes: &["engineering-lead", "change-authority", "service-owner"],
    },
    Part {
        id: "j.patel",
        name: "Jo Patel",
        account: "github:jopatel",
        always: None,
        takes: &["head-of-engineering", "ciso", "isms-owner"],
    },
];

const LEAD: usize = 2;

/// The people of a new site. The first wrote the example change.
#[derive(Debug)]
pub(super) struct Cast(Vec<Player>);

impl Cast {
    /// Everybody.
    pub(super) fn everybody(&self) -> &[Player] {
        &self.0
    }

    /// Who wrote the change.
    pub(super) fn author(&self) -> &Player {
        &self.0[0]
    }

    /// Who had no part in it.
    pub(super) fn others(&self) -> impl Iterator<Item = &Player> {
        self.0[1..].iter()
    }

    /// Somebody other than the author who holds a role.
    pub(super) fn holder(&self, role: &str) -> Option<&Player> {
        self.others().find(|player| player.roles.iter().any(|r| r == role))
    }

    /// Whose word counts where the policy names no role.
    pub(super) fn leader(&self) -> &Player {
        self.holder("engineering-lead").or_else(|| self.others().last()).unwrap_or_else(|| self.author())
    }
}

/// The people a policy needs.
pub(super) fn cast(version: &PolicyVersion) -> Cast {
    let named = roles_named(version);
    let mut players: Vec<Player> = PARTS
        .iter()
        .map(|part| {
            let taken = part.takes.iter().copied().filter(|role| named.iter().any(|n| n == role));
            let roles = part.always.into_iter().chain(taken).map(str::to_owned).collect();
            Player { id: part.id, name: part.name, account: part.account, roles }
        })
        .collect();
    let held = |role: &String, players: &[Player]| players.iter().any(|p| p.roles.contains(role));
    for role in named {
        if !held(&role, &players) {
            players[LEAD].roles.push(role);
        }
    }
    players.retain(|player| !player.roles.is_empty());
    Cast(players)
}

/// Every role the policy names: its owner's, its approver's, and those its rules ask for.
fn roles_named(version: &PolicyVersion) -> Vec<String> {
    let mut roles: Vec<String> = version.owner.iter().map(ToString::to_string).collect();
    roles.extend(version.approved.iter().map(|approval| approval.by.to_string()));
    for rule in &version.rules {
        let asked: Vec<&Role> = match &rule.check {
            Check::Approval(check) => {
                let stand_ins = check.instead.iter().flat_map(|(role, stand_in)| [role, stand_in]);
                check.any_of.iter().chain(&check.all_of).chain(stand_ins).collect()
            }
            Check::Review(check) => check.including.iter().flat_map(|(roles, _)| roles).collect(),
            Check::Attested(check) => check.by.iter().collect(),
            _ => Vec::new(),
        };
        roles.extend(asked.into_iter().map(ToString::to_string));
    }
    roles
}

/// people.yaml; everybody has held their roles since the beginning of a year.
pub(super) fn text(cast: &Cast, since: i16) -> String {
    let mut text = String::from(
        "\
# Who is who. Records name people by their id, git and imports by their accounts; what somebody does counts only if they
# are listed here and held the role on that day. Neither names nor addresses ever reach the public site.
#
# These people are made up. Replace them by your own, and give each the roles that your policies name. When somebody
# leaves a role, add the last day to it (`until: 2031-06-30`) instead of removing it: older records are judged by who held
# the role then.
",
    );
    for player in cast.everybody() {
        let Player { id, name, account, roles } = player;
        let _ = write!(text, "\n- id: {id}\n  name: {name}\n  email: {id}@example.com\n");
        let _ = write!(text, "  accounts: [{account}]\n  roles:\n");
        for role in roles {
            let _ = writeln!(text, "    - {{role: {role}, from: {since}-01-01}}");
        }
    }
    text
}
