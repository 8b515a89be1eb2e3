/// The words that a form needs besides those of the recipe.
pub struct Words {
    pub ingredients: &'static str,
    pub method: &'static str,
    pub serves: &'static str,
    pub prep: &'static str,
    pub cook: &'static str,
    pub rest: &'static str,
    pub total: &'static str,
    pub source: &'static str,
    pub prepare: &'static str,
}

const KOREAN: Words = Words {
    ingredients: "재료",
    method: "만드는 법",
    serves: "분량",
    prep: "준비 시간",
    cook: "조리 시간",
    rest: "휴지 시간",
    total: "총 시간",
    source: "출처",
    prepare: "준비:",
};

const ENGLISH: Words = Words {
    ingredients: "Ingredients",
    method: "Method",
    serves: "Yield",
    prep: "Preparation",
    cook: "Cooking",
    rest: "Resting",
    total: "Total",
    source: "Source",
    prepare: "Have ready:",
};

/// The words of a language: English where we do not speak it.
pub fn words(language: Option<&str>) -> &'static Words {
    let is_korean =
        language.is_some_and(|tag| tag.split('-').next().is_some_and(|it| it.eq_ignore_ascii_case("ko")));
    if is_korean { &KOREAN } else { &ENGLISH }
}

/// A time in hours and minutes, as both people and programs read it: `1 hour 30 minutes`.
pub fn time(seconds: u32) -> String {
    let parts = [(seconds / 3_600, "hour"), (seconds / 60 % 60, "minute"), (seconds % 60, "second")];
    let said = parts.into_iter().filter(|(count, _)| *count > 0);
    let said: Vec<String> =
        said.map(|(count, unit)| format!("{count} {unit}{}", if count == 1 { "" } else { "s" })).collect();
    if said.is_empty() { "0 minutes".to_owned() } else { said.join(" ") }
}
