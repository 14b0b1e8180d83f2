"""Maps as files: asked for as the page stands, made as long work, fetched by whoever asked, gone after a week."""
