"""A sitting that ends while somebody types: in a real browser nothing of it is lost."""

from playwright.sync_api import Browser

from journeys.stage import Stage, visiting

NAME, LOCAL = "Ban “Rak” <second> & last", "บ้านรักหลังที่สอง"


def test_what_is_typed_survives_the_end_of_the_sitting(browser: Browser, stage: Stage) -> None:
    """An administrator makes an agency; her sitting ends before she sends the form; she signs in in another tab."""
    with visiting(browser, stage) as visitor:
        visitor.enter_as("Organisation administrator")
        page = visitor.open("/settings/agencies/")
        page.get_by_role("link", name="Demo provincial centre").first.click()
        page.get_by_role("link", name="Make an agency under it").click()
        page.fill("[name=name]", NAME)
        page.fill("[name=name_local]", LOCAL)
        page.select_option("[name=kind]", "shelter")
        page.fill("[name=country]", "TH")
        visitor.context.clear_cookies(name="sarana")
        with page.expect_navigation():
            page.get_by_role("button", name="Make it").click()
        assert "Your sitting has ended" in page.inner_text("h1")
        assert visitor.findings() == []
        page.get_by_text("Show what is kept").click()
        assert NAME in page.inner_text("main")
        assert LOCAL in page.inner_text("main")

        other = visitor.context.new_page()
        other.goto(stage.at("/demonstration/"))
        with other.expect_navigation():
            other.get_by_role("button", name="Organisation administrator", exact=True).first.click()
        other.close()

        # The word against forgery changed with the sign-in: the first try says so, and still loses nothing.
        for _ in range(2):
            if (again := page.get_by_role("button", name="Send it again")).count():
                with page.expect_navigation():
                    again.click()
        assert NAME in page.inner_text("main")
        visitor.open("/search/?q=Ban+%E2%80%9CRak")
        assert page.get_by_role("link", name=NAME).count() == 1
        assert visitor.complaints == []
