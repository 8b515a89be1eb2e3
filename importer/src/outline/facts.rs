//! Lines that say one thing: `Serves 4`, `4인분`, `조리시간: 30분`.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    Yield,
    Prep,
    Cook,
    Rest,
    Total,
    Source,
    Author,
    Tags,
    Category,
    Cuisine,
}

impl Fact {
    /// Its field of the recipe.
    pub fn field(self) -> &'static str {
        match self {
            Self::Yield => "yield",
            Self::Prep => "times.prep",
            Self::Cook => "times.cook",
            Self::Rest => "times.rest",
            Self::Total => "times.total",
            Self::Source => "source",
            Self::Author => "source.author",
            Self::Tags => "tags",
            Self::Category => "categories",
            Self::Cuisine => "cuisines",
        }
    }
}

const NAMES: &[(Fact, &[&str])] = &[
    (
        Fact::Yield,
        &[
            "serves",
            "servings",
            "yield",
            "yields",
            "makes",
            "portions",
            "serving size",
            "인분",
            "분량",
            "기준",
            "양",
            "인원",
        ],
    ),
    (
        Fact::Prep,
        &["prep", "prep time", "preparation time", "time prep", "준비시간", "준비 시간", "손질시간"],
    ),
    (Fact::Cook, &["cook", "cook time", "cooking time", "time cook", "조리시간", "조리 시간", "가열시간"]),
    (Fact::Rest, &["rest", "rest time", "resting time", "chill time", "휴지시간", "숙성시간"]),
    (
        Fact::Total,
        &[
            "total",
            "total time",
            "time",
            "time required",
            "duration",
            "ready in",
            "소요시간",
            "소요 시간",
            "총시간",
            "총 시간",
            "총 소요시간",
            "시간",
        ],
    ),
    (Fact::Source, &["source", "source url", "url", "link", "from", "출처", "원문", "링크"]),
    (Fact::Author, &["author", "by", "recipe by", "작성자", "글쓴이", "요리사"]),
    (Fact::Tags, &["tags", "keywords", "태그", "해시태그"]),
    (Fact::Category, &["category", "course", "분류", "종류", "카테고리"]),
    (Fact::Cuisine, &["cuisine", "나라"]),
];

/// What a name means, in text, in Markdown's and in Cooklang's front matter.
pub fn named(name: &str) -> Option<Fact> {
    let name = name.trim().to_lowercase();
    NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(fact, _)| *fact)
}

/// The fact of a line, what it says, and the name that it goes by there. `is_alone`: no part has begun, so that a line
/// without a name may be one.
pub fn read(text: &str, is_alone: bool) -> Option<(Fact, String, String)> {
    let bare = text.trim().trim_matches(['*', '_']).trim_start_matches(['-', '•', '·', ' ']).trim();
    if let Some((name, said)) = bare.split_once([':', '：']) {
        let name = name.trim().trim_matches(['*', '_']);
        let said = said.trim().trim_matches(['*', '_']).trim();
        let fact = named(name)?;
        return (!said.is_empty()).then(|| (fact, said.to_owned(), name.to_owned()));
    }
    if !is_alone || bare.chars().count() > MAX_CHARS {
        return None;
    }
    if bare.starts_with("http://") || bare.starts_with("https://") {
        return (!bare.contains(' ')).then(|| (Fact::Source, bare.to_owned(), "link".to_owned()));
    }
    let has_number = bare.contains(|c: char| c.is_ascii_digit());
    let lower = bare.to_lowercase();
    let is_yield = ["serves ", "makes ", "yields "].iter().any(|word| lower.starts_with(word))
        || lower.ends_with(" servings")
        || bare.ends_with("인분")
        || bare.ends_with("인분 기준");
    (has_number && is_yield).then(|| (Fact::Yield, bare.to_owned(), "line".to_owned()))
}

const MAX_CHARS: usize = 40;
