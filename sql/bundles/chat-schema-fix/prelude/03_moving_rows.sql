--! Title: Tools that change and move rows

-- No row is lost: what cannot stay goes to chat_quarantine.rows as it was. Whether that holds is proven by comparing all rows before and
-- after, without these tools.
