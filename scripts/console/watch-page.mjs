/** A page → what its console and its network say of errors, once it has done its work. */

export async function watchPage(browser, address) {
  const page = await browser.newPage();
  const errors = [];
  const refused = [];
  let answers = 0;
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('response', (response) => {
    if (!response.url().includes('/rest/v1/')) return;
    answers += 1;
    if (response.status() >= 400) refused.push(response.status());
  });
  try {
    await page.goto(address);
    await page.waitForFunction(() => document.title === 'done');
    return { errors, refused, answers };
  } finally {
    await page.close();
  }
}
