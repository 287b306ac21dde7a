//! The authors' pages, as forms send what people type.

use axum::body::Body;
use axum::http::Request;
use blockhouse_system_tests::{Browser, Host, Reply, Site};

const BLOCK: &str = "/author/block/lb:Org:L:html:a";

async fn site() -> Site {
    Host::with_unit("<html/>").await.site()
}

async fn submit(browser: &Browser<'_>, path: &str, form: &str) -> Reply {
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    browser.send(request.body(Body::from(form.to_owned())).unwrap()).await
}

/// The hidden values of the form that a page has for an address, as a browser sends them.
fn form_of(page: &str, action: &str) -> String {
    let page = page.replace("&#x2f;", "/");
    let (_, form) = page.split_once(&format!("action=\"{action}\"")).unwrap_or_else(|| panic!("{page}"));
    let form = form.split("</form>").next().unwrap();
    let value = |input: &str| {
        let (name, rest) = input.split_once('"').unwrap();
        let value = rest.split_once("value=\"").unwrap().1.split('"').next().unwrap();
        format!("{name}={}", value.replace('@', "%40").replace(' ', "+"))
    };
    form.split("type=\"hidden\" name=\"").skip(1).map(value).collect::<Vec<_>>().join("&")
}

/// Opens a page and presses the button of the form that it has for an address.
async fn press(browser: &Browser<'_>, page: &str, action: &str) -> Reply {
    let form = form_of(&browser.get(page).await.text(), action);
    submit(browser, action, &form).await
}

/// Ann with the library `lib:Org:L` and the text `a` in it.
async fn ann_with_a_block(site: &Site) -> Browser<'_> {
    let ann = site.browser("ann").await;
    let made = submit(&ann, "/author/", "org=Org&slug=L&title=My+library").await;
    assert_eq!((made.status.as_u16(), location(&made)), (303, "/author/lib:Org:L/"));
    let made = submit(&ann, "/author/lib:Org:L/blocks", "block_type=html&id=a").await;
    assert_eq!((made.status.as_u16(), location(&made)), (303, BLOCK), "{}", made.text());
    ann
}

fn location(reply: &Reply) -> &str {
    reply.headers.get("location").map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn an_author_writes_publishes_and_reverts() {
    let site = site().await;
    let ann = ann_with_a_block(&site).await;
    let saved =
        submit(&ann, &format!("{BLOCK}/olx"), "version=1&olx=%3Chtml%3Efirst%0D%0Atext%3C%2Fhtml%3E").await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    let library = ann.get("/author/lib:Org:L/").await.text();
    assert!(library.contains("<ins>") && library.contains("first"), "{library}");
    press(&ann, "/author/lib:Org:L/", "/author/lib:Org:L/publish").await;
    assert!(ann.get("/author/lib:Org:L/").await.text().contains("Nothing changed."));
    submit(&ann, &format!("{BLOCK}/olx"), "version=2&olx=%3Chtml%3Esecond%0D%0Atext%3C%2Fhtml%3E").await;
    let library = ann.get("/author/lib:Org:L/").await.text();
    assert!(library.contains("- &lt;html&gt;first") && library.contains("+ &lt;html&gt;second"), "{library}");
    press(&ann, "/author/lib:Org:L/", "/author/lib:Org:L/revert").await;
    let block = ann.get(BLOCK).await.text();
    assert!(block.contains("first") && !block.contains("second"), "{block}");
}

#[tokio::test]
async fn olx_with_a_mistake_comes_back_with_the_line_and_is_not_lost() {
    let site = site().await;
    let ann = ann_with_a_block(&site).await;
    let page =
        submit(&ann, &format!("{BLOCK}/olx"), "version=1&olx=%3Chtml%3E%0D%0A%3Cp%3Emine%3C%2Fhtml%3E").await;
    assert_eq!(page.status, 400);
    assert!(page.text().contains("OLX:2:") && page.text().contains("mine"), "{}", page.text());
}

#[tokio::test]
async fn of_two_authors_the_second_keeps_their_text_and_is_told() {
    let site = site().await;
    let ann = ann_with_a_block(&site).await;
    submit(&ann, &format!("{BLOCK}/olx"), "version=1&olx=%3Chtml%3Efirst%3C%2Fhtml%3E").await;
    let page = submit(&ann, &format!("{BLOCK}/olx"), "version=1&olx=%3Chtml%3Emine%3C%2Fhtml%3E").await;
    assert_eq!(page.status, 409);
    assert!(page.text().contains("is at version 2") && page.text().contains("mine"), "{}", page.text());
}

#[tokio::test]
async fn a_block_without_an_editor_has_a_form_made_from_its_fields() {
    let site = site().await;
    let ann = ann_with_a_block(&site).await;
    let made = submit(&ann, "/author/lib:Org:L/blocks", "block_type=thumbs&id=t").await;
    assert_eq!(made.status, 303, "{}", made.text());
    let page = ann.get(location(&made)).await;
    assert_eq!(page.status, 200, "{}", page.text());
}

#[tokio::test]
async fn who_may_not_read_a_library_does_not_see_it() {
    let site = site().await;
    ann_with_a_block(&site).await;
    let bob = site.browser("bob").await;
    assert!(!bob.get("/author/").await.text().contains("My library"));
    assert_eq!(bob.get("/author/lib:Org:L/").await.status, 403);
    assert_eq!(bob.get(BLOCK).await.status, 403);
    assert_eq!(submit(&bob, "/author/lib:Org:L/publish", "").await.status, 403);
    assert_eq!(site.browser("visitor").await.get("/author/").await.status, 401);
}

#[tokio::test]
async fn the_team_is_changed_in_a_form() {
    let site = site().await;
    let ann = ann_with_a_block(&site).await;
    let team = "/author/lib:Org:L/team";
    assert_eq!(submit(&ann, team, "kind=user&name=bob&level=read").await.status, 303);
    let bob = site.browser("bob").await;
    let block = bob.get(BLOCK).await;
    assert_eq!((block.status.as_u16(), block.text().contains("readonly")), (200, true));
    let refused = submit(&ann, team, "kind=user&name=ann&level=none").await;
    assert_eq!((refused.status.as_u16(), refused.text().contains("only admin")), (400, true));
}

#[tokio::test]
async fn row_032_a_block_without_an_author_view_shows_authors_what_learners_see() {
    let site = site().await;
    let ann = ann_with_a_block(&site).await;
    submit(&ann, &format!("{BLOCK}/olx"), "version=1&olx=%3Chtml%3Ewritten%3C%2Fhtml%3E").await;
    let view = |name: &str| format!("/api/xblock/v2/xblocks/lb:Org:L:html:a@draft/view/{name}/");
    let author = ann.get(&view("author_view")).await.good();
    assert!(author["content"].as_str().unwrap().contains("written"), "{author}");
    assert_eq!(author, ann.get(&view("student_view")).await.good());
    // No other view stands in for another.
    assert_eq!(ann.get(&view("mobile_view")).await.status, 404);
}

#[tokio::test]
async fn what_was_typed_into_fields_on_top_of_an_old_version_is_refused_and_stays_in_the_form() {
    let site = site().await;
    let ann = ann_with_a_block(&site).await;
    submit(&ann, "/author/lib:Org:L/blocks", "block_type=poll&id=p").await;
    let poll = "/author/block/lb:Org:L:poll:p";
    let page = ann.get(poll).await.text();
    assert!(
        page.contains("name=\"field-question\"") && page.contains("name=\"version\" value=\"1\""),
        "{page}"
    );
    let saved = submit(&ann, &format!("{poll}/fields"), "version=1&field-question=High+or+low").await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    let second = submit(&ann, &format!("{poll}/fields"), "version=1&field-question=Ebb+or+flood").await;
    assert_eq!(second.status, 409);
    let page = second.text();
    assert!(page.contains("is at version 2") && page.contains("Ebb or flood"), "{page}");
    let without = submit(&ann, &format!("{poll}/fields"), "field-question=Any").await;
    assert_eq!(without.status, 400);
}

#[tokio::test]
async fn an_editor_that_shows_an_old_draft_overwrites_no_newer_one() {
    let site = site().await;
    let ann = ann_with_a_block(&site).await;
    let page = ann.get(BLOCK).await.text();
    let (_, frame) = page.split_once("iframe class=\"frame\" src=\"").unwrap();
    let frame =
        ann.get(&frame.split('"').next().unwrap().replace("&#x2f;", "/").replace("&amp;", "&")).await.text();
    assert!(frame.contains("data-draft=\"1\""), "{frame}");
    let urls =
        frame.split_once("id=\"blockhouse-handler-urls\">").unwrap().1.split("</script>").next().unwrap();
    let urls: serde_json::Value = serde_json::from_str(urls).unwrap();
    let url = urls["lb:Org:L:html:a"].as_str().unwrap().replace("handler_name", "studio_submit");
    let save = async |draft: &str, text: &str| {
        let body = serde_json::json!({ "display_name": "A", "data": text }).to_string();
        let url = url.strip_prefix("http://blockhouse.test").unwrap_or(&url);
        let request = Request::post(url).header("blockhouse-draft", draft).body(Body::from(body));
        ann.send(request.unwrap()).await
    };
    let first = save("1", "<p>first</p>").await;
    assert_eq!((first.status.as_u16(), first.headers["blockhouse-draft"].to_str().unwrap()), (200, "2"));
    let other = save("1", "<p>other</p>").await;
    assert_eq!((other.status.as_u16(), &other.value()["version_num"]), (409, &serde_json::json!(2)));
    assert!(ann.get(BLOCK).await.text().contains("first"));
    assert_eq!(save("2", "<p>second</p>").await.headers["blockhouse-draft"], "3");
    assert_eq!(save("x", "<p>third</p>").await.status, 400);
}

#[tokio::test]
async fn only_who_may_write_something_sees_the_link_to_where_one_writes() {
    let site = site().await;
    let sees = async |browser: &Browser<'_>| browser.get("/").await.text().contains("href=\"/author/\"");
    let (bob, visitor) = (site.browser("bob").await, site.browser("visitor").await);
    assert!(!sees(&bob).await && !sees(&visitor).await && !sees(&site.stranger()).await);
    let ann = ann_with_a_block(&site).await;
    assert!(sees(&ann).await);
    submit(&ann, "/author/lib:Org:L/team", "kind=user&name=bob&level=read").await;
    assert!(!sees(&bob).await, "who only reads writes nothing");
    submit(&ann, "/author/lib:Org:L/team", "kind=user&name=bob&level=author").await;
    assert!(sees(&bob).await);
}

/// Ann with a block that Bob may write, too.
async fn two_authors(site: &Site) -> (Browser<'_>, Browser<'_>) {
    let ann = ann_with_a_block(site).await;
    submit(&ann, "/author/lib:Org:L/team", "kind=user&name=bob&level=author").await;
    (ann, site.browser("bob").await)
}

const BOBS: &str = "version=1&olx=%3Chtml%3Eby+Bob%3C%2Fhtml%3E";

#[tokio::test]
async fn a_library_is_not_published_or_reverted_with_what_another_author_changed_unseen() {
    let site = site().await;
    let (ann, bob) = two_authors(&site).await;
    let library = "/author/lib:Org:L/";
    for (button, mine, bobs) in [("publish", 1, 2), ("revert", 3, 4)] {
        let action = format!("{library}{button}");
        let olx = format!("version={mine}&olx=%3Chtml%3Eby+Ann%3C%2Fhtml%3E");
        assert_eq!(submit(&ann, &format!("{BLOCK}/olx"), &olx).await.status, 303);
        let seen = form_of(&ann.get(library).await.text(), &action);
        let olx = format!("version={bobs}&olx=%3Chtml%3Eby+Bob+for+{button}%3C%2Fhtml%3E");
        assert_eq!(submit(&bob, &format!("{BLOCK}/olx"), &olx).await.status, 303);
        let refused = submit(&ann, &action, &seen).await;
        let page = refused.text();
        assert_eq!(refused.status, 409, "{page}");
        assert!(page.contains("since you looked") && page.contains("+ &lt;html&gt;by Bob"), "{page}");
        // The page that says so has it before her.
        assert_eq!(submit(&ann, &action, &form_of(&page, &action)).await.status, 303);
        assert!(ann.get(library).await.text().contains("Nothing changed."));
    }
}

#[tokio::test]
async fn a_block_is_not_published_or_deleted_with_what_another_author_changed_unseen() {
    let site = site().await;
    let (ann, bob) = two_authors(&site).await;
    let page = ann.get(BLOCK).await.text();
    assert_eq!(submit(&bob, &format!("{BLOCK}/olx"), BOBS).await.status, 303);
    for button in ["publish", "delete"] {
        let action = format!("{BLOCK}/{button}");
        let refused = submit(&ann, &action, &form_of(&page, &action)).await;
        let shown = refused.text();
        assert_eq!(refused.status, 409, "{shown}");
        assert!(shown.contains("since you looked") && shown.contains("by Bob"), "{shown}");
        assert_eq!(submit(&ann, &action, "").await.status, 400);
    }
    let action = format!("{BLOCK}/publish");
    assert_eq!(press(&ann, BLOCK, &action).await.status, 303);
    assert!(ann.get(BLOCK).await.text().contains("· published ·"));
    assert_eq!(press(&ann, BLOCK, &format!("{BLOCK}/delete")).await.status, 303);
    assert_eq!(ann.get(BLOCK).await.status, 404);
}

#[tokio::test]
async fn what_an_author_changed_beside_the_page_may_be_published_from_it() {
    let site = site().await;
    let ann = ann_with_a_block(&site).await;
    let page = ann.get(BLOCK).await.text();
    submit(&ann, &format!("{BLOCK}/olx"), "version=1&olx=%3Chtml%3Emine%3C%2Fhtml%3E").await;
    let action = format!("{BLOCK}/publish");
    assert_eq!(submit(&ann, &action, &form_of(&page, &action)).await.status, 303);
    assert!(ann.get(BLOCK).await.text().contains("· published ·"));
}

#[tokio::test]
async fn a_block_that_includes_others_is_not_published_with_their_unseen_changes() {
    let site = site().await;
    let (ann, bob) = two_authors(&site).await;
    submit(&ann, "/author/lib:Org:L/blocks", "block_type=unit&id=u").await;
    let unit = "/author/block/lb:Org:L:unit:u";
    let olx = "version=1&olx=%3Cunit%3E%3Cxblock-include+definition%3D%22html%2Fa%22%2F%3E%3C%2Funit%3E";
    assert_eq!(submit(&ann, &format!("{unit}/olx"), olx).await.status, 303);
    let page = ann.get(unit).await.text();
    assert!(page.contains("also publishes what changed in: Text"), "{page}");
    assert_eq!(submit(&bob, &format!("{BLOCK}/olx"), BOBS).await.status, 303);
    let action = format!("{unit}/publish");
    let refused = submit(&ann, &action, &form_of(&page, &action)).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("lb:Org:L:html:a"), "{}", refused.text());
    assert_eq!(press(&ann, unit, &action).await.status, 303);
}
