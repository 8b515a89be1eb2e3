use importer::duration::seconds;

#[test]
fn times_are_read_however_they_are_written() {
    const MINUTE: u32 = 60;
    for (text, expected) in [
        ("PT30M", Some(30 * MINUTE)),
        ("PT1H30M", Some(90 * MINUTE)),
        ("P0DT0H45M0S", Some(45 * MINUTE)),
        ("P1DT2H", Some(26 * 60 * MINUTE)),
        ("P0Y0M0DT0H35M0.000S", Some(35 * MINUTE)),
        ("PT1.5H", Some(90 * MINUTE)),
        ("PT90", Some(90 * MINUTE)),
        ("pt20m", Some(20 * MINUTE)),
        ("PT0M", None),
        ("P", None),
        ("PTM", None),
        ("30", Some(30 * MINUTE)),
        ("1 hour 20 minutes", Some(80 * MINUTE)),
        ("1 1/2 hours", Some(90 * MINUTE)),
        ("1½ Std.", Some(90 * MINUTE)),
        ("20-30 min", Some(30 * MINUTE)),
        ("1시간 30분", Some(90 * MINUTE)),
        ("45분간", Some(45 * MINUTE)),
        ("15 to 30 minutes", Some(30 * MINUTE)),
        ("about an hour", None),
        ("soon", None),
        ("400 days", None),
        ("99999999999999999999", None),
        ("", None),
    ] {
        assert_eq!(seconds(text), expected, "{text}");
    }
}
