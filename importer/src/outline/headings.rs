//! The words that parts of a recipe begin with.

/// A part of a recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Ingredients,
    Steps,
    Remarks,
}

const INGREDIENTS: &[&str] = &[
    "ingredients",
    "ingredient",
    "ingredient list",
    "the ingredients",
    "you will need",
    "you'll need",
    "what you need",
    "what you'll need",
    "shopping list",
    "zutaten",
    "ingrédients",
    "ingredienti",
    "ingredientes",
    "ingrediënten",
    "składniki",
    "ingredienser",
    "hozzávalók",
    "ингредиенты",
    "malzemeler",
    "suroviny",
    "ainekset",
    "材料",
    "食材",
    "재료",
    "주재료",
    "기본재료",
    "필수재료",
    "요리재료",
    "재료준비",
    "준비재료",
    "준비물",
    "재료목록",
    "식재료",
    "재료소개",
];
/// These begin a group of their own where they stand alone: 양념 is one of the ingredients.
const INGREDIENT_GROUPS: &[&str] = &[
    "양념",
    "양념재료",
    "양념장",
    "양념장재료",
    "부재료",
    "선택재료",
    "소스",
    "소스재료",
    "드레싱",
    "드레싱재료",
    "고명",
    "육수",
    "육수재료",
    "밑간",
    "밑간재료",
    "반죽",
    "반죽재료",
    "토핑",
    "무침양념",
    "조림장",
    "조림양념",
    "볶음양념",
    "찜양념",
    "찌개양념",
    "소",
    "속재료",
];
const STEPS: &[&str] = &[
    "method",
    "instructions",
    "directions",
    "preparation",
    "steps",
    "how to make",
    "how to make it",
    "procedure",
    "the method",
    "cooking instructions",
    "cooking steps",
    "recipe method",
    "cooking method",
    "how to cook",
    "step by step",
    "cooking directions",
    "zubereitung",
    "anleitung",
    "préparation",
    "étapes",
    "preparazione",
    "procedimento",
    "preparación",
    "elaboración",
    "instrucciones",
    "modo de preparo",
    "modo de preparação",
    "preparação",
    "bereiding",
    "bereidingswijze",
    "sposób przygotowania",
    "przygotowanie",
    "wykonanie",
    "fremgangsmåde",
    "sådan gør du",
    "gör så här",
    "så här gör du",
    "tillagning",
    "slik gjør du",
    "elkészítés",
    "приготовление",
    "yapılışı",
    "hazırlanışı",
    "postup",
    "valmistus",
    "作り方",
    "做法",
    "步骤",
    "만드는법",
    "만드는방법",
    "만들기",
    "조리법",
    "조리방법",
    "조리순서",
    "조리과정",
    "요리법",
    "요리방법",
    "요리순서",
    "요리과정",
    "만드는순서",
    "만드는과정",
    "순서",
    "과정",
    "방법",
    "조리",
];
const REMARKS: &[&str] = &[
    "notes",
    "note",
    "tips",
    "tip",
    "recipe notes",
    "cook's notes",
    "cook's note",
    "variations",
    "storage",
    "serving suggestions",
    "팁",
    "요리팁",
    "참고",
    "참고사항",
    "메모",
    "주의",
    "주의사항",
    "노하우",
    "조리팁",
    "보관",
    "보관법",
];

/// The part that a line begins, and what stands behind its heading in the line.
pub fn part(text: &str) -> Option<(Part, Option<String>)> {
    let bare = unmarked(text);
    // `양념: 간장 1큰술` is a group with its lines; `Note: salty` is a remark.
    let with_rest = bare.split_once([':', '：']).filter(|(_, rest)| !rest.trim().is_empty());
    if let Some((name, rest)) = with_rest
        && let Some(part) = named(name.trim())
    {
        return Some((part, Some(rest.trim().to_owned())));
    }
    named(bare).map(|part| (part, None))
}

fn named(text: &str) -> Option<Part> {
    let folded = folded(text);
    let is_in = |names: &[&str]| {
        names.contains(&folded.as_str()) || names.contains(&without_blanks(&folded).as_str())
    };
    let is_for_so_many = ["ingredients for ", "zutaten für "].iter().any(|start| folded.starts_with(start));
    if is_in(INGREDIENTS) || is_in(INGREDIENT_GROUPS) || is_for_so_many {
        Some(Part::Ingredients)
    } else if is_in(STEPS) {
        Some(Part::Steps)
    } else if is_in(REMARKS) {
        Some(Part::Remarks)
    } else {
        None
    }
}

/// The title of the group that a heading begins: 양념 is one, 재료 is all.
pub fn group_of_ingredients(heading: &str) -> Option<String> {
    let bare = unmarked(heading);
    let name = bare.split([':', '：']).next().unwrap_or_default().trim();
    let folded = without_blanks(&folded(name));
    INGREDIENT_GROUPS.contains(&folded.as_str()).then(|| name.to_owned())
}

/// A heading of a group within its part: marked, or ended by a colon.
pub fn is_group(text: &str) -> bool {
    let text = text.trim();
    let is_marked =
        text.starts_with(['●', '■', '▶', '◆', '★', '※', '○', '◎', '□', '▷', '◇', '#']) || is_bracketed(text);
    let ends_so = text.ends_with([':', '：']) && text.chars().count() <= MAX_GROUP_CHARS;
    is_marked || ends_so || is_for(text)
}

const MAX_GROUP_CHARS: usize = 60;

/// `For the sauce`.
fn is_for(text: &str) -> bool {
    let folded = text.to_lowercase();
    folded.starts_with("for the ")
        && text.split_whitespace().count() <= 6
        && !text.contains(|c: char| c.is_ascii_digit())
}

fn is_bracketed(text: &str) -> bool {
    let pairs = [('[', ']'), ('<', '>'), ('【', '】'), ('〈', '〉'), ('《', '》'), ('「', '」')];
    pairs.iter().any(|(open, close)| text.starts_with(*open) && text.contains(*close))
}

/// `●양념장 : 간장 1큰술, 설탕` is the title and the lines behind it.
pub fn group_title(text: &str) -> (Option<String>, Option<String>) {
    let bare = text.trim().trim_start_matches(|c: char| "●■▶◆★※○◎□▷◇#-*• ".contains(c));
    if let Some((title, rest)) = bracketed(bare) {
        return (said(title), said(rest.trim_start_matches([':', '：', ' '])));
    }
    match bare.split_once([':', '：']) {
        Some((title, rest)) => (said(title), said(rest)),
        None => (said(bare), None),
    }
}

fn bracketed(text: &str) -> Option<(&str, &str)> {
    let close = match text.chars().next()? {
        '[' => ']',
        '<' => '>',
        '【' => '】',
        '〈' => '〉',
        '《' => '》',
        '「' => '」',
        _ => return None,
    };
    let inner = &text[text.chars().next()?.len_utf8()..];
    inner.split_once(close)
}

fn said(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// What a line of ingredients is made of.
pub enum Piece {
    Group(String),
    Line(String),
}

/// A line is one ingredient. Several that are listed in one line are told apart at commas where each has an amount, and
/// at groups in brackets: `[재료] 두부 1모, 대파 1대 [양념] 간장 2큰술, 설탕 약간`.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text.trim();
    while let Some(start) = rest.find(['[', '【', '〈', '《', '●', '■']) {
        let Some((title, behind)) = bracketed(&rest[start..]).or_else(|| bulleted(&rest[start..])) else {
            break;
        };
        if title.chars().count() > MAX_GROUP_CHARS
            || title.trim().is_empty()
            || title.contains(|c: char| c.is_ascii_digit())
        {
            break;
        }
        lines(&rest[..start], &mut pieces);
        pieces.push(Piece::Group(title.trim().to_owned()));
        rest = behind.trim_start_matches([':', '：', ' ']);
    }
    lines(rest, &mut pieces);
    pieces
}

fn bulleted(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix(['●', '■'])?;
    inner.split_once([':', '：'])
}

fn lines(text: &str, pieces: &mut Vec<Piece>) {
    let parts = split_outside_brackets(text);
    // A comma in an English line stands before what is done to it: `1 onion, chopped`.
    let all_have_amounts = parts.len() > 1 && parts.iter().all(|part| has_amount(part));
    if all_have_amounts {
        pieces.extend(parts.into_iter().map(|part| Piece::Line(part.to_owned())));
    } else if let Some(line) = said(text.trim().trim_end_matches(',')) {
        pieces.push(Piece::Line(line));
    }
}

/// The parts of a line between commas, but for commas in brackets and in numbers.
fn split_outside_brackets(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_u32);
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        match character {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            ',' | '，' | '、' => {
                let behind = text[at + character.len_utf8()..].chars().next();
                let is_in_number = before.is_ascii_digit() && behind.is_some_and(|c| c.is_ascii_digit());
                if depth == 0 && !is_in_number {
                    parts.push(text[start..at].trim());
                    start = at + character.len_utf8();
                }
            }
            _ => {}
        }
        before = character;
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

fn has_amount(text: &str) -> bool {
    const VAGUE: [&str; 8] = ["약간", "적당량", "조금", "한줌", "한 줌", "취향껏", "소량", "적당히"];
    let korean = text.chars().any(|c| ('가'..='힣').contains(&c));
    text.contains(|c: char| c.is_ascii_digit() || "½¼¾⅓⅔".contains(c))
        || (korean && VAGUE.iter().any(|word| text.contains(word)))
}

/// `1. Cut`, `2) Fry`, `Step 3: Eat`, `① 썬다` without their numbers.
pub fn without_number(text: &str) -> &str {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix(|c: char| ('①'..='⑳').contains(&c)) {
        return rest.trim_start_matches([' ', '.', ')']).trim();
    }
    let after_step =
        ["step ", "Step ", "STEP "].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text);
    let digits = after_step.len() - after_step.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits == 0 || digits > 2 {
        return text;
    }
    let behind = &after_step[digits..];
    let is_step = after_step.len() != text.len();
    match behind.strip_prefix(['.', ')', ':']) {
        // `1.5 cups` is no number of a step.
        Some(rest) if !rest.starts_with(|c: char| c.is_ascii_digit()) && !rest.trim().is_empty() => {
            rest.trim()
        }
        _ if is_step && behind.starts_with(' ') => behind.trim_start_matches([' ', '-', '–']).trim(),
        _ => text,
    }
}

/// Without the marks that headings are decorated with.
fn unmarked(text: &str) -> &str {
    let decorations = |c: char| {
        c.is_whitespace()
            || "#*●■▶◆★※○◎□▷◇-–—=~_[]<>【】〈〉《》「」•·:：|\u{fe0f}".contains(c)
            || is_picture(c)
    };
    text.trim_matches(decorations)
}

/// Emoji, near enough.
fn is_picture(character: char) -> bool {
    matches!(character, '\u{1f300}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}')
}

/// In lower case, without what stands in brackets behind it: `재료 (2인분)`.
fn folded(text: &str) -> String {
    let has_aside = text.trim_end().ends_with([')', '）', ']']);
    let text = if has_aside { text.split(['(', '（', '[']).next().unwrap_or_default() } else { text };
    text.trim().trim_end_matches([':', '：', '*', '_', '.', ' ']).to_lowercase().replace('’', "'")
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}
