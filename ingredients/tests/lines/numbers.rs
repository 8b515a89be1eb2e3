use ingredients::{Rational, parse};

fn number(text: &str) -> Rational {
    Rational::parse(text).unwrap()
}

#[test]
fn sums_and_products_are_exact_and_reduced() {
    assert_eq!(number("1/3").plus(number("1/6")), Some(number("1/2")));
    assert_eq!(number("3/2").times(number("4/3")), Some(number("2")));
    assert_eq!(number("1/3").times(number("3")).unwrap().to_string(), "1");
}

#[test]
fn what_nine_digits_cannot_hold_is_no_number() {
    let large = number("999999999");

    assert_eq!(large.plus(number("1")), None);
    assert_eq!(large.times(number("2")), None);
    assert_eq!(large.times(number("1/999999999")), Some(number("1")));
    for line in ["1000000000 g salt", "99999999999999999999999 g salt", "0.1234567891 g salt"] {
        assert_eq!(parse(line, None).quantity, None, "{line}");
    }
}
