//! The words of Korean kitchens.

use crate::amount::Numerals;
use crate::rational::Rational;

pub const NUMERALS: Numerals = Numerals { named, and: &["과", "와", "하고"], to: &["에서", "내지"] };

/// Native numbers as they stand before a counter. The longer ones first: `두세` is no `두`.
const NAMED: [(&str, u16); 16] = [
    ("한", 1),
    ("하나", 1),
    ("두", 2),
    ("둘", 2),
    ("세", 3),
    ("서", 3),
    ("석", 3),
    ("네", 4),
    ("너", 4),
    ("넉", 4),
    ("다섯", 5),
    ("여섯", 6),
    ("일곱", 7),
    ("여덟", 8),
    ("아홉", 9),
    ("열", 10),
];

/// Two numbers in one word, which is a range.
const RANGES: [(&str, u16, u16); 5] =
    [("한두", 1, 2), ("두세", 2, 3), ("두서너", 2, 4), ("서너", 3, 4), ("너댓", 4, 5)];

fn named(word: &str) -> Option<Rational> {
    match word {
        "반" => Some(Rational::HALF),
        _ => NAMED.iter().find(|(name, _)| *name == word).map(|(_, number)| (*number).into()),
    }
}

/// The range that a word is: `두세` is two to three.
pub fn range(word: &str) -> Option<(Rational, Rational)> {
    let range = RANGES.iter().find(|(name, ..)| *name == word)?;
    Some((range.1.into(), range.2.into()))
}

/// A word that is a number and its counter in one, cut between them: `반개`, `한큰술`, `두세마리`.
pub fn cut_number(word: &str) -> Option<(&str, &str)> {
    let ranges = RANGES.iter().map(|(name, ..)| *name);
    let names = NAMED.iter().map(|(name, _)| *name).chain(["반"]);
    ranges.chain(names).find_map(|number| {
        let counter = word.strip_prefix(number)?;
        let (unit, _) = cut_suffix(counter);
        is_counter(unit).then_some((number, counter))
    })
}

/// A unit's code, or the word itself.
pub fn unit(word: &str) -> &str {
    code(word).unwrap_or(word)
}

/// The code of a unit, where it has one.
pub fn code(word: &str) -> Option<&'static str> {
    Some(match word {
        "g" | "G" | "ｇ" | "gr" | "그램" | "그람" => "g",
        "kg" | "Kg" | "KG" | "㎏" | "킬로그램" | "킬로" | "키로" => "kg",
        "mg" | "㎎" | "밀리그램" => "mg",
        "ml" | "mL" | "ML" | "Ml" | "㎖" | "cc" | "CC" | "㏄" | "씨씨" | "시시" | "밀리리터" => {
            "ml"
        }
        "l" | "L" | "ℓ" | "리터" => "l",
        "cl" => "cl",
        "dl" | "㎗" | "데시리터" => "dl",
        "큰술" | "큰스푼" | "테이블스푼" | "T" | "Ts" | "TS" | "Tbs" | "Tbsp" | "tbsp" | "tbs" | "T스푼" => {
            "tbsp"
        }
        "작은술" | "작은스푼" | "티스푼" | "찻술" | "t" | "ts" | "tsp" | "t스푼" => "tsp",
        "컵" | "C" | "c" | "cup" | "Cup" | "CUP" | "cups" => "cup_kr",
        "개" => "piece",
        "캔" => "can",
        "꼬집" => "pinch",
        "oz" | "온스" => "oz",
        "lb" | "파운드" => "lb",
        _ => return None,
    })
}

/// Counters that have no code. Behind a number any word is one; these are known without a number in digits too.
const COUNTERS: [&str; 76] = [
    "가닥",
    "가락",
    "갑",
    "거품",
    "공기",
    "관",
    "구",
    "국자",
    "그루",
    "그릇",
    "근",
    "꼬치",
    "꼭지",
    "꽃",
    "다발",
    "단",
    "대",
    "대접",
    "덩어리",
    "덩이",
    "되",
    "뚝배기",
    "마리",
    "말",
    "모",
    "모금",
    "묶음",
    "바가지",
    "바퀴",
    "박스",
    "밥공기",
    "밥숟가락",
    "밥숟갈",
    "방울",
    "병",
    "봉",
    "봉지",
    "뿌리",
    "사리",
    "사발",
    "상자",
    "세트",
    "손",
    "송이",
    "수저",
    "숟가락",
    "숟갈",
    "술",
    "스푼",
    "쌈",
    "알",
    "움큼",
    "인분",
    "잎",
    "자루",
    "장",
    "점",
    "접시",
    "조각",
    "줄",
    "줄기",
    "줌",
    "쪽",
    "종지",
    "종이컵",
    "주먹",
    "켤레",
    "큐브",
    "토막",
    "톨",
    "통",
    "판",
    "팩",
    "포",
    "포기",
    "홉",
];

pub fn is_counter(word: &str) -> bool {
    code(word).is_some() || COUNTERS.contains(&word)
}

/// What may hang on a counter: `2개씩`, `1컵정도`.
const SUFFIXES: [&str; 8] = ["씩", "정도", "가량", "분량", "쯤", "이상", "이하", "남짓"];

/// A counter, and what hangs on it.
pub fn cut_suffix(word: &str) -> (&str, &str) {
    let cut = SUFFIXES.iter().find_map(|suffix| Some((word.strip_suffix(suffix)?, *suffix)));
    cut.filter(|(unit, _)| !unit.is_empty()).unwrap_or((word, ""))
}

/// Amounts that are none. The longer ones first.
const VAGUE: [&str; 22] = [
    "적당량씩",
    "적당량",
    "적당히",
    "적량",
    "약간씩",
    "약간",
    "조금씩",
    "조금",
    "소량",
    "넉넉히",
    "넉넉하게",
    "충분히",
    "기호껏",
    "취향껏",
    "취향대로",
    "기호에따라",
    "필요량",
    "살짝",
    "듬뿍",
    "톡톡",
    "솔솔",
    "한소끔",
];

/// A word that is vague, or ends so, cut before it: `소금적당량` is `소금` and `적당량`.
pub fn cut_vague(word: &str) -> Option<(&str, &str)> {
    VAGUE.iter().find_map(|vague| Some((word.strip_suffix(vague)?, *vague)))
}

/// Several words that together are vague.
pub const VAGUE_PHRASES: [&str; 8] = [
    "기호에 따라",
    "취향에 따라",
    "입맛에 맞게",
    "입맛에 따라",
    "만드는법 참조",
    "만드는 법 참조",
    "각 약간",
    "필요한 만큼",
];
