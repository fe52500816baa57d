//! Pages in both forms.

use super::*;

const HOSTILE: &str = "a | b\n# `c` <script>alert('x')</script> *d* [e](f) & \"g\"";

fn page() -> Page {
    let mut page = Page::new("T <b>");
    page.heading(2, "Part #1");
    page.say("- no list");
    page.blocks.push(Block::Paragraph(vec![
        text("see "),
        link("it", "javascript:alert(1)"),
        text(" or "),
        link("that", "a b.md"),
    ]));
    page.table(&["n", "what"], &[true, false], vec![vec![cell("1"), vec![code("a|`b`")]]]);
    page.blocks.push(Block::Code { language: "promql", text: "```\nup\n".to_owned() });
    page.blocks.push(Block::Steps(vec![cell("one"), cell("two")]));
    page.blocks.push(Block::Written("1. **bold** <img onerror=x>".to_owned()));
    page
}

#[test]
fn markdown_keeps_text_as_text() {
    let expected = "<!-- made -->\n\n# T \\<b\\>\n\n## Part \\#1\n\n\\- no list\n\nsee [it](#) or [that](a%20b.md)\n\n\
        | n | what |\n| ---: | --- |\n| 1 | `` a\\|`b` `` |\n\n````promql\n```\nup\n````\n\n1. one\n2. two\n\n\
        1. **bold** &lt;img onerror=x>\n";
    assert_eq!(page().markdown("made"), expected);
    assert_eq!(markdown_text(HOSTILE), r#"a \| b \# \`c\` \<script\>alert('x')\</script\> \*d\* \[e\](f) \& "g""#);
}

#[test]
fn html_keeps_text_as_text() {
    let html = page().html("made");
    assert!(html.contains("<h1>T &lt;b&gt;</h1>"), "{html}");
    assert!(html.contains("<a href=\"#\">it</a> or <a href=\"a%20b.md\">that</a>"), "{html}");
    assert!(html.contains("<td class=\"number\">1</td><td><code>a|`b`</code></td>"), "{html}");
    assert!(html.contains("<pre>1. **bold** &lt;img onerror=x&gt;</pre>"), "{html}");
    let hostile = html_text(HOSTILE);
    assert!(!hostile.contains(['<', '>', '"', '\'']), "{hostile}");
}

#[test]
fn a_page_parses_as_the_page_that_it_is() {
    let html = page().html("made");
    for tag in ["html", "head", "body", "table", "tr", "td", "th", "ol", "li", "p", "pre", "code", "h1", "h2", "a"] {
        let opened = html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, html.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn only_the_web_and_paths_are_followed() {
    assert_eq!(safe_address("https://a.example/x?y=1#z"), "https://a.example/x?y=1#z");
    assert_eq!(safe_address("runbooks/A.md"), "runbooks/A.md");
    for bad in ["javascript:x", "data:text/html,x", "vbscript:x"] {
        assert_eq!(safe_address(bad), "#", "{bad}");
    }
}
