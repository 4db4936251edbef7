//! What holds of every log, whatever stands in it.

use proptest::prelude::*;

use super::*;

const SENDS: [&str; 2] = [LAUNCH, "spring-2026/sends/teaser"];

fn any_fact() -> impl Strategy<Value = Told> {
    let job = || (1_u64..4).prop_map(MsgId);
    let fact = prop_oneof![
        1 => Just(opened()),
        2 => "[ab]".prop_map(|id| draft(&id)),
        1 => "[ab]".prop_map(|id| gone(&id)),
        6 => Just(intent()),
        3 => (1_u32..4).prop_map(attempt),
        3 => (1_u32..4).prop_map(|n| refused(n, -1)),
        3 => Just(rejected(45028)),
        3 => (1_u64..4).prop_map(accepted),
        1 => Just(status(JobStatus::Sending)),
        1 => Just(status(JobStatus::Sent)),
        1 => Just(unreported()),
        1 => prop::option::of(job()).prop_map(|msg_id| resolved(Verdict::Sent { msg_id })),
        2 => Just(resolved(Verdict::NotSent)),
        1 => Just(resolved(Verdict::Acknowledged)),
    ];
    (fact, prop::sample::select(&SENDS[..]), 0_u32..3)
        .prop_map(|(fact, address, generation)| fact.of(address).again(generation))
}

fn is_accepted(ledger: &Ledger, address: &str) -> bool {
    let phase = ledger.send(&effect(address)).map(|send| &send.phase);
    matches!(phase, Some(Phase::Accepted(_)))
}

fn generation(ledger: &Ledger, address: &str) -> Generation {
    ledger.send(&effect(address)).map_or(Generation::FIRST, |send| send.generation)
}

proptest! {
    /// No log makes the fold panic; what it refuses changes nothing (`fold` looks); accepted is
    /// final; no try is earlier than the one before; and one job is one send's.
    #[test]
    fn a_ledger_only_goes_forward(facts in prop::collection::vec(any_fact(), 0..60)) {
        let mut ledger = folded([]).unwrap();
        let mut taken = vec![opened().after(&Ledger::new())];
        for fact in facts {
            let (before, record) = (ledger.clone(), fact.clone().after(&ledger));
            if fold(&mut ledger, fact).is_ok() {
                taken.push(record);
            }
            for address in SENDS {
                prop_assert!(!is_accepted(&before, address) || is_accepted(&ledger, address));
                prop_assert!(generation(&before, address) <= generation(&ledger, address));
            }
            for job in (1..4).map(MsgId) {
                prop_assert!(before.job(job).is_none() || before.job(job) == ledger.job(job));
            }
        }
        let again = Ledger::of(&taken).unwrap();
        prop_assert_eq!(format!("{:?}", again), format!("{:?}", ledger));
    }
}
