--! Title: What has to be decided about types, statuses and roles

-- Each view decisions_about_… names what section 01 refuses unless somebody has acknowledged it. It only asks; where it finds nothing, it
-- need not be read.
