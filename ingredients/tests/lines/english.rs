use ingredients::parse;

use super::{amount, assert_read, text};

#[test]
fn an_amount_comes_before_its_unit_and_its_thing() {
    assert_read(&[
        ("2 cups oat flour", "2", "cup", "oat flour"),
        ("1 tbsp. dark honey", "1", "tbsp", "dark honey"),
        ("250ml oat milk", "250", "ml", "oat milk"),
        ("3 Tablespoons of miso", "3", "tbsp", "miso"),
        ("2 T tamari", "2", "tbsp", "tamari"),
        ("2 t sumac", "2", "tsp", "sumac"),
        ("4 fl. oz cold tea", "4", "fl_oz", "cold tea"),
        ("2 lbs. turnips", "2", "lb", "turnips"),
        ("7 plums", "7", "", "plums"),
        ("2 bunches chard", "2", "bunch", "chard"),
    ]);
}

#[test]
fn amounts_are_exact_fractions() {
    assert_read(&[
        ("1 1/2 cups rye flour", "3/2", "cup", "rye flour"),
        ("1½ cups rye flour", "3/2", "cup", "rye flour"),
        ("1-1/2 cups rye flour", "3/2", "cup", "rye flour"),
        ("1 and 1/2 cups rye flour", "3/2", "cup", "rye flour"),
        ("1\u{2044}3 cup rye flour", "1/3", "cup", "rye flour"),
        ("0.75 l stock", "3/4", "l", "stock"),
        (".25 oz yeast", "1/4", "oz", "yeast"),
        ("1,500 g beets", "1500", "g", "beets"),
        ("half a quince", "1/2", "", "quince"),
        ("a dozen oysters", "12", "", "oysters"),
        ("three figs", "3", "", "figs"),
    ]);
}

#[test]
fn a_range_goes_up() {
    assert_read(&[
        ("2-3 leeks", "2-3", "", "leeks"),
        ("2 to 2 1/2 cups barley", "2-5/2", "cup", "barley"),
        ("4 or 5 dates", "4-5", "", "dates"),
        ("100ml-150ml cider", "100-150", "ml", "cider"),
        ("12- to 14-pound goose", "12-14", "lb", "goose"),
    ]);
}

#[test]
fn what_one_of_several_is_like_is_a_note() {
    for (line, unit, item, note) in [
        ("2 (14.5 ounce) cans hominy", "can", "hominy", "14.5 ounce"),
        ("2 14 1/2-ounce cans hominy", "can", "hominy", "14 1/2-ounce"),
        ("two 28-ounce cans hominy", "can", "hominy", "28-ounce"),
        ("2 x 400g tins hominy", "can", "hominy", "400g"),
        ("2 large handfuls spinach", "handful", "spinach", "large"),
    ] {
        let parsed = parse(line, None);
        let read = (amount(&parsed), text(&parsed.unit), text(&parsed.item), text(&parsed.note));
        assert_eq!(read, ("2".to_owned(), unit, item, note), "{line}");
    }
}

#[test]
fn the_first_of_two_measures_counts_and_the_other_is_a_note() {
    for (line, note) in [
        ("200g/7oz lentils", "7oz"),
        ("200 g (7 oz) lentils", "7 oz"),
        ("200g can lentils", "can"),
        ("200 g plus 2 tablespoons lentils", "plus 2 tablespoons"),
    ] {
        let parsed = parse(line, None);
        let read = (amount(&parsed), text(&parsed.unit), text(&parsed.item), text(&parsed.note));
        assert_eq!(read, ("200".to_owned(), "g", "lentils", note), "{line}");
    }
}

#[test]
fn a_unit_may_follow_its_thing() {
    assert_read(&[
        ("3 garlic cloves, bruised", "3", "clove", "garlic"),
        ("2 celery sticks", "2", "stick", "celery"),
        ("2 cinnamon sticks", "2", "", "cinnamon sticks"),
        ("5 whole cloves", "5", "", "clove"),
        ("butter 100g", "100", "g", "butter"),
    ]);
}

#[test]
fn a_word_that_only_begins_like_a_unit_is_none() {
    assert_read(&[
        ("4 T-bone steaks", "4", "", "T-bone steaks"),
        ("2 rib-eye steaks", "2", "", "rib-eye steaks"),
        ("3 cuppa tea bags", "3", "", "cuppa tea bags"),
    ]);
}

#[test]
fn what_is_done_to_it_is_told_from_what_it_is() {
    for (line, item, preparation) in [
        ("2 cups finely chopped fresh dill", "fresh dill", "finely chopped"),
        ("1 onion, peeled and diced", "onion", "peeled and diced"),
        ("1 cup ground almonds", "ground almonds", ""),
        ("juice of 2 limes", "limes", "juice of"),
        ("zest of one lime", "lime", "zest of"),
    ] {
        let parsed = parse(line, None);
        assert_eq!((text(&parsed.item), text(&parsed.preparation)), (item, preparation), "{line}");
    }
}

#[test]
fn a_vague_amount_has_no_number_and_keeps_its_words() {
    for (line, unit, item, note) in [
        ("salt to taste", "", "salt", "to taste"),
        ("sesame oil, for frying", "", "sesame oil", "for frying"),
        ("a pinch of saffron", "pinch", "saffron", "a"),
        ("large handful mint", "handful", "mint", "large"),
        ("a few sprigs thyme", "sprig", "thyme", "a few"),
    ] {
        let parsed = parse(line, None);
        let read = (amount(&parsed), text(&parsed.unit), text(&parsed.item), text(&parsed.note));
        assert_eq!(read, (String::new(), unit, item, note), "{line}");
    }
}

#[test]
fn optional_is_said_only_where_the_line_says_so() {
    assert_eq!(parse("2 eggs (optional)", None).optional, Some(true));
    assert_eq!(parse("2 eggs", None).optional, None);
}
