//! The codes of what a record can do against a rule, and of waivers and people as the judge sees them.

use crate::diag::Code;

macro_rules! codes {
    ($($name:ident = $level:ident($code:literal, $meaning:literal);)+) => {
        $(pub(crate) static $name: Code = Code::$level($code, $meaning);)+
        /// All codes of this layer.
        pub static CODES: &[&Code] = &[$(&$name),+];
    };
}

codes! {
    FIELD_MISSING = error("fields/missing", "A field that a rule asks for is not there, or blank.");
    FIELD_BROKEN = error("rule/broken-field", "A rule reads a field that has a mistake, so that nobody can say whether it is kept.");
    APPROVAL_MISSING = error("approval/missing", "An approval that a rule asks for is not recorded.");
    SELF_APPROVED = error("approval/self-approved", "Somebody approved who is not independent of the change (segregation of duties: SOC 2 CC8.1, ISO 27001 A.5.3).");
    APPROVAL_LATE = error("approval/late", "An approval came after the event it had to come before.");
    APPROVAL_EARLY = error("approval/early", "An approval came before the event it had to come after.");
    APPROVAL_ROLE = error("approval/wrong-role", "Whoever approved did not hold the role that the rule asks for on that day.");
    APPROVAL_MEDIUM = error("approval/wrong-medium", "An approval was not given in a medium that the rule accepts, or does not say in which.");
    APPROVAL_NO_TIME = error("approval/no-time", "An approval does not say when it was given, so that it cannot count where a rule asks when.");
    APPROVAL_NOBODY = error("approval/by-nobody", "An approval was given by a bot, a shared account or somebody not in people.yaml: by nobody.");
    REVIEW_MISSING = error("review/missing", "A review that a rule asks for is not recorded.");
    REVIEW_NOT_INDEPENDENT = error("review/not-independent", "Somebody reviewed who is not independent of the change.");
    REVIEW_LATE = error("review/late", "A review came after the event it had to come before.");
    REVIEW_EARLY = error("review/early", "A review came before the event it had to come after.");
    REVIEW_ROLE = error("review/wrong-role", "Nobody with the role that the rule asks for reviewed, or the role was not held on that day.");
    REVIEW_KIND = error("review/wrong-kind", "A review is not of a kind that the rule asks for.");
    REVIEW_RESULT = error("review/not-approved", "A reviewer's last word before the event was not `approved`.");
    REVIEW_NO_TIME = error("review/no-time", "A review does not say when it was, so that it cannot count where a rule asks when.");
    REVIEW_NOBODY = error("review/by-nobody", "A review was made by a bot, a shared account or somebody not in people.yaml: by nobody.");
    GATE_MISSING = error("gates/missing", "A gate that a rule asks for was not run in time.");
    GATE_FAILED = error("gates/not-passed", "The latest result of a gate is not `passed`.");
    GATE_FINDINGS = error("gates/open-findings", "A gate left more findings open than the rule allows.");
    GATE_UNSTATED = error("gates/findings-not-stated", "No gate states how many findings of a severity are open.");
    LATE = error("deadline/late", "An event came after its deadline.");
    MISSED = error("deadline/missed", "A deadline has passed and its event never came.");
    NO_START = error("deadline/no-start", "The event that starts a deadline's clock never came, although the change is closed.");
    NOT_COVERED = error("deadline/year-not-covered", "A business-day deadline reaches a year of which no holiday is named, so that nobody can say when it ends.");
    OUT_OF_ORDER = error("order/out-of-order", "Events came in another order than the rule asks for.");
    ORDER_MISSING = error("order/missing", "An event that has its place in an order never came.");
    OUTSIDE = error("window/outside", "A production deployment was made outside the window.");
    FROZEN = error("freeze/deployed", "A production deployment was made in a freeze.");
    NO_FREEZES = error("freeze/not-stated", "The policy has a freeze rule and does not say which freezes there are. `freezes: []` says that there are none.");
    UNWATCHED = error("observation/too-short", "A change was not watched as long as the rule asks after its last production deployment.");
    VIA = error("deployment/not-through", "A production deployment did not go through what the rule asks for.");
    BY_NOBODY = error("deployment/by-nobody", "A production deployment was not set off by a person: a bot, a shared account, or nobody known.");
    NOT_STAGED = error("deployment/not-staged", "No successful deployment elsewhere came before production.");
    PLAN_INCOMPLETE = error("rollback/incomplete", "The rollback plan lacks a part that the rule asks for.");
    PLAN_LATE = error("rollback/recorded-late", "Git shows that the rollback plan was not recorded in time.");
    EDITED = error("unchanged/edited", "Git shows an edit of a field that should have stayed as it was from that event on.");
    DELETED = error("retained/deleted", "A record was deleted that is younger than records are kept.");
    REWRITTEN = error("retained/rewritten", "The branch does not hold the commit of the last build any more: history was rewritten.");
    UNRECORDED = error("deployed/unrecorded", "Something was deployed to production, or merged into the production branch, and no record speaks of it: none names the commit or the pull request, and the message names none.");
    DIRECT_PUSH = error("deployed/direct-push", "A commit came onto the production branch without a pull request, as far as git and the records show. Git cannot tell a push from a fast-forward or a rebase: a record that names the pull request and the commit it became settles it.");
    OFF_BRANCH = error("deployed/off-branch", "A deployment log says that something went to production which the production branch does not hold, so that it was never merged, or the branch was rewritten.");
    COMMIT_NOT_THERE = error("deployed/commit-not-there", "A record names a commit as deployed that no production branch holds.");
    NOT_LOGGED = warning("deployed/not-logged", "A record says that something was deployed to production, and the deployment log of its repository does not know of it.");
    NO_INCIDENT_RECORDED = warning("deployed/no-incident", "A commit takes a change back, or says that it is a hotfix, and its record neither names an incident nor says that there was none.");
    ID_GAP = warning("deployed/id-gap", "Numbers are missing between the ids of records, most of which are there. A record may have been removed, or never written.");
    NOT_COMPARED = error("deployed/not-compared", "What was deployed could not be held against the records: no repositories are configured, or one cannot be read.");
    NO_INCIDENT = error("incident/missing", "An incident that a rule asks for is not recorded.");
    INCIDENT_RANK = error("incident/too-low", "The recorded incident is of a lower rank than the rule asks for.");
    INCIDENT_UNREVIEWED = error("incident/not-reviewed", "The incident was not reviewed.");
    OUTCOME_UNSTATED = error("incident/outcome-not-stated", "Whether an incident is asked for depends on the outcome, which is not stated.");
    PROCEDURE = error("procedure/missing", "A standard change does not name a procedure of its policy.");
    PROCEDURE_INVALID = error("procedure/not-valid", "The procedure was not approved, not tested, or expired on the day the change was requested.");
    MERGED = error("merged/otherwise", "A pull request was not merged the way the rule asks for.");
    MERGED_CONTRADICTED = error("merged/contradicts-git", "A record says that a pull request was merged in one way, and the production branch shows another: other branch, other method, or owners of files who did not approve.");
    NO_PULL_REQUEST = error("merged/missing", "The change has no merged pull request.");
    NOT_ATTESTED = error("attested/missing", "Nobody in the right role attests what the rule asks for.");
    ASSERT = error("assert/not-met", "A record does not keep the condition that a rule states as an expression.");
    CANNOT_EVALUATE = error("rule/cannot-evaluate", "A rule's expression compares with something the record does not say, so that nobody can say whether it holds.");
    EXPRESSION_SYNTAX = error("expression/syntax", "A rule's expression cannot be read. Expressions are those of MiniJinja.");
    EXPRESSION_SIZE = error("expression/too-large", "A rule's expression or message is longer than 2 kB, or nested too deep.");
    EXPRESSION_NAME = error("expression/unknown-name", "An expression names a field, an event or something else that does not exist. It would otherwise be nothing, and the rule would vanish.");
    EXPRESSION_WORD = error("expression/unknown-word", "An expression compares a field with a word that the field can never hold, or with a time that is none.");
    EXPRESSION_TYPES = error("expression/unlike-types", "An expression compares or counts unlike things, or asks for an order where there is none. The answer would mean nothing.");
    EXPRESSION_RESULT = error("expression/not-boolean", "An expression, or a part of it that must be true or false, is neither.");
    EXPRESSION_REFUSED = error("expression/not-allowed", "An expression uses something that rules cannot use. There are `and`, `or`, `not`, comparisons, `in`, `+`, `-`, `is none`, and the filters length, selectattr, rejectattr, select, reject, map(attribute=…), unique, first, last, min, max, default and lower; in messages also join.");
    NO_FAILING_EXAMPLE = error("rule/no-failing-example", "A rule with an `assert` has no example that fails, so that nobody has seen that it can.");
    NO_PASSING_EXAMPLE = error("rule/no-passing-example", "A rule with an `assert` has no example that passes, so that nobody has seen that it can be kept.");
    EXAMPLE_WRONG = error("rule/example-wrong", "A rule's expression says something else of an example than its author did. The rule is unknown until they agree.");
    BROKEN_RULE = error("rule/broken", "The rule itself has a mistake, so that nothing can be judged by it.");
    NEEDS_HISTORY = error("rule/needs-history", "Only the repository's history could say.");
    STATUS = error("record/status-disagrees", "A record's status and its events contradict each other; the further of the two counts.");
    DOCUMENTED = error("record/documented-otherwise", "A record states when it was documented, and git says otherwise. Git counts; `documented_at` is for what git cannot say.");
    ROLE_NOT_HELD = error("record/role-not-held", "Somebody claims a role in a record that they did not hold on that day.");
    REVIEW_AFTER_INCIDENT = warning("policy/review-due-after-incident", "A change caused an incident of the rank after which its policy promises a review (`review.after_incident`), and the policy was not reviewed since.");
    BEFORE_FIRST = note("policy/before-first-version", "A record is older than its policy's first version, which judges it all the same.");
    WAIVER_UNUSED = warning("waiver/unused", "A waiver lifts nothing: every change it covers keeps the rule, or fell due after it expired.");
    WAIVER_SELF = error("waiver/self-approved", "A waiver was approved by whoever asked for it or wrote the change, so that it does not count.");
    WAIVER_NOBODY = error("waiver/by-nobody", "A waiver was approved by a bot, a shared account or somebody not in people.yaml, so that it does not count.");
    WAIVER_WIDE = warning("waiver/over-wide", "A waiver covers so much that it lifts the rule itself: it names neither changes nor what narrows them, or covers every type of change whatever it touches, or lifts the rule for more than ten changes.");
    WAIVER_RENEWED = warning("waiver/renewed-twice", "A waiver is the third or a later one in a row for the same rule and the same changes. What is excepted again and again is the rule in truth: change the policy, or keep it.");
    WAIVER_CLAUSE = warning("waiver/clause-changed", "The clause that a waiver excepts from has changed since it was approved, so that nobody has approved an exception to the text of today. It still lifts what it lifted.");
    WAIVER_EXPIRED = note("waiver/expired", "A waiver has expired. It still covers what fell due before.");
}
