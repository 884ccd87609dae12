--! Title: What the old policies let people do

-- Section 07 drops them, and section 08 creates others. So that nobody gains or loses anything unnoticed, both are asked the same in a
-- small chat of made-up people and rooms; where they answer otherwise somebody has to decide. Nothing here changes anything, and what the
-- new policies say is in section 08 alone.
