//! The words of English kitchens.

use crate::amount::Numerals;
use crate::rational::Rational;

pub const NUMERALS: Numerals = Numerals { named, and: &["and"], to: &["to", "or"] };

fn named(word: &str) -> Option<Rational> {
    let number = lowered(word, |word| match word {
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "half" => 0,
        _ => u16::MAX,
    })?;
    match number {
        u16::MAX => None,
        0 => Some(Rational::HALF),
        number => Some(number.into()),
    }
}

/// A unit's code, or its own word in the singular.
pub fn unit(word: &str) -> Option<&'static str> {
    match word {
        "T" => Some("tbsp"),
        "t" => Some("tsp"),
        _ => lowered(word, |word| code(word).or_else(|| own_word(word)))?,
    }
}

/// True for the code of a unit of weight or volume: what such a unit measures may be in a container besides.
pub fn is_measure(unit: &str) -> bool {
    const MEASURES: [&str; 13] =
        ["g", "kg", "mg", "ml", "l", "cl", "dl", "oz", "lb", "fl_oz", "pint", "quart", "gallon"];
    MEASURES.contains(&unit) || is_length(unit)
}

pub fn is_length(unit: &str) -> bool {
    matches!(unit, "inch" | "cm" | "mm")
}

/// True where the unit is one of the codes that programs know.
pub fn is_code(unit: &str) -> bool {
    code(unit).is_some_and(|code| code == unit) || unit == "fl_oz"
}

fn code(word: &str) -> Option<&'static str> {
    Some(match word {
        "g" | "gr" | "gram" | "grams" | "gramme" | "grammes" | "gm" | "gms" | "gs" => "g",
        "kg" | "kgs" | "kilo" | "kilos" | "kilogram" | "kilograms" | "kilogramme" | "kilogrammes" => "kg",
        "mg" | "milligram" | "milligrams" => "mg",
        "ml" | "mls" | "milliliter" | "milliliters" | "millilitre" | "millilitres" | "cc" | "㎖" => "ml",
        "l" | "lt" | "ltr" | "liter" | "liters" | "litre" | "litres" => "l",
        "cl" | "centiliter" | "centiliters" | "centilitre" | "centilitres" => "cl",
        "dl" | "deciliter" | "deciliters" | "decilitre" | "decilitres" => "dl",
        "tsp" | "tsps" | "teaspoon" | "teaspoons" | "teaspoonful" | "teaspoonfuls" => "tsp",
        "tbsp" | "tbsps" | "tbs" | "tb" | "tbl" | "tbls" | "tblsp" | "tablespoon" | "tablespoons"
        | "tablespoonful" | "tablespoonfuls" => "tbsp",
        "c" | "cup" | "cups" | "cupful" | "cupfuls" => "cup",
        "floz" => "fl_oz",
        "pint" | "pints" | "pt" | "pts" => "pint",
        "quart" | "quarts" | "qt" | "qts" => "quart",
        "gallon" | "gallons" | "gal" | "gals" => "gallon",
        "oz" | "ozs" | "ounce" | "ounces" => "oz",
        "lb" | "lbs" | "pound" | "pounds" => "lb",
        "pinch" | "pinches" => "pinch",
        "dash" | "dashes" => "dash",
        "clove" | "cloves" => "clove",
        "slice" | "slices" => "slice",
        "can" | "cans" | "tin" | "tins" => "can",
        "piece" | "pieces" => "piece",
        _ => return None,
    })
}

fn own_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "bag" | "bags" => "bag",
        "ball" | "balls" => "ball",
        "batch" | "batches" => "batch",
        "block" | "blocks" => "block",
        "bottle" | "bottles" => "bottle",
        "box" | "boxes" => "box",
        "branch" | "branches" => "branch",
        "bulb" | "bulbs" => "bulb",
        "bunch" | "bunches" => "bunch",
        "bundle" | "bundles" => "bundle",
        "carton" | "cartons" => "carton",
        "chunk" | "chunks" => "chunk",
        "cm" => "cm",
        "container" | "containers" => "container",
        "cube" | "cubes" => "cube",
        "dessertspoon" | "dessertspoons" => "dessertspoon",
        "drizzle" | "drizzles" => "drizzle",
        "drop" | "drops" => "drop",
        "ear" | "ears" => "ear",
        "envelope" | "envelopes" => "envelope",
        "glass" | "glasses" => "glass",
        "glug" | "glugs" => "glug",
        "handful" | "handfuls" => "handful",
        "head" | "heads" => "head",
        "inch" | "inches" => "inch",
        "jar" | "jars" => "jar",
        "jigger" | "jiggers" => "jigger",
        "knob" | "knobs" => "knob",
        "leaf" | "leaves" => "leaf",
        "loaf" | "loaves" => "loaf",
        "mm" => "mm",
        "pack" | "packs" => "pack",
        "package" | "packages" | "pkg" | "pkgs" => "package",
        "packet" | "packets" => "packet",
        "part" | "parts" => "part",
        "pot" | "pots" => "pot",
        "pouch" | "pouches" => "pouch",
        "punnet" | "punnets" => "punnet",
        "rack" | "racks" => "rack",
        "rasher" | "rashers" => "rasher",
        "recipe" | "recipes" => "recipe",
        "rib" | "ribs" => "rib",
        "sachet" | "sachets" => "sachet",
        "scoop" | "scoops" => "scoop",
        "shake" | "shakes" => "shake",
        "serving" | "servings" => "serving",
        "sheet" | "sheets" => "sheet",
        "sleeve" | "sleeves" => "sleeve",
        "spear" | "spears" => "spear",
        "splash" | "splashes" => "splash",
        "sprig" | "sprigs" => "sprig",
        "square" | "squares" => "square",
        "squeeze" | "squeezes" => "squeeze",
        "stalk" | "stalks" => "stalk",
        "stem" | "stems" => "stem",
        "stick" | "sticks" => "stick",
        "strip" | "strips" => "strip",
        "tub" | "tubs" => "tub",
        "wedge" | "wedges" => "wedge",
        _ => return None,
    })
}

/// True for units that stand before what they measure without a number: `pinch of salt`.
pub fn may_lack_a_number(unit: &str) -> bool {
    const VAGUE: [&str; 13] = [
        "pinch", "dash", "handful", "splash", "bunch", "knob", "drizzle", "sprig", "drop", "glug", "squeeze",
        "bag", "packet",
    ];
    VAGUE.contains(&unit)
}

/// True for units that may follow what they measure: `2 garlic cloves`, `3 thyme sprigs`.
pub fn may_follow(unit: &str, noun: &str) -> bool {
    match unit {
        "bulb" | "clove" | "sprig" | "stalk" | "sheet" | "slice" | "spear" => true,
        // Neither a cinnamon stick nor a short rib.
        "stick" | "rib" => noun.eq_ignore_ascii_case("celery"),
        _ => false,
    }
}

/// True for words that say how large or how full a unit is.
pub fn is_size(word: &str) -> bool {
    lowered(word, |word| {
        matches!(
            word,
            "small"
                | "medium"
                | "large"
                | "big"
                | "sm"
                | "md"
                | "med"
                | "lg"
                | "lge"
                | "heaping"
                | "heaped"
                | "level"
                | "rounded"
                | "scant"
                | "generous"
                | "good"
                | "healthy"
                | "hefty"
                | "fat"
                | "plump"
                | "thin"
                | "thick"
                | "thickish"
                | "tiny"
                | "whole"
                | "full"
                | "extra"
                | "jumbo"
                | "long"
                | "short"
                | "size"
                | "sized"
                | "hearty"
                | "modest"
                | "overflowing"
                | "heavy"
                | "fresh"
                | "packed"
                | "loosely"
                | "firmly"
                | "tightly"
                | "lightly"
        )
    })
    .unwrap_or(false)
}

/// True for words before an amount that say how exact it is.
pub fn is_hedge(word: &str) -> bool {
    lowered(word, |word| {
        matches!(
            word,
            "about"
                | "approximately"
                | "approx"
                | "around"
                | "roughly"
                | "scant"
                | "heaping"
                | "heaped"
                | "generous"
                | "rounded"
                | "level"
                | "nearly"
                | "almost"
                | "another"
                | "at"
                | "least"
                | "up"
                | "to"
                | "just"
                | "over"
                | "additional"
                | "extra"
                | "plus"
                | "some"
                | "only"
                | "circa"
                | "minimum"
                | "good"
        )
    })
    .unwrap_or(false)
}

/// True for what is done to food before it is measured.
pub fn is_preparation(word: &str) -> bool {
    lowered(word, |word| {
        matches!(
            word,
            "beaten"
                | "blanched"
                | "chopped"
                | "cored"
                | "crumbled"
                | "crushed"
                | "cubed"
                | "diced"
                | "drained"
                | "grated"
                | "halved"
                | "hulled"
                | "julienned"
                | "mashed"
                | "melted"
                | "minced"
                | "peeled"
                | "pitted"
                | "quartered"
                | "rinsed"
                | "seeded"
                | "shelled"
                | "shredded"
                | "sifted"
                | "sliced"
                | "slivered"
                | "softened"
                | "squeezed"
                | "stemmed"
                | "toasted"
                | "torn"
                | "trimmed"
                | "washed"
                | "zested"
                | "packed"
        )
    })
    .unwrap_or(false)
}

/// True for words that say how it is done.
pub fn is_manner(word: &str) -> bool {
    lowered(word, |word| {
        matches!(
            word,
            "finely"
                | "coarsely"
                | "roughly"
                | "thinly"
                | "thickly"
                | "freshly"
                | "lightly"
                | "firmly"
                | "loosely"
                | "very"
                | "well"
                | "tightly"
                | "and"
        )
    })
    .unwrap_or(false)
}

/// Looks a word up in lower case. None for a word that is too long for any table here, or has other letters.
fn lowered<T>(word: &str, look_up: impl FnOnce(&str) -> T) -> Option<T> {
    let mut buffer = [0; 16];
    let lower = buffer.get_mut(..word.len())?;
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    str::from_utf8(lower).ok().map(look_up)
}
