import type { Page } from 'puppeteer-core'
import { until } from '../../supervise/start.ts'

/**
 * Actions of a person on a page. They also work where scripts are disabled, because nothing here
 * awaits a promise or an observer inside the page.
 */

/** Generous, because two cores render pages for several browsers at once. */
const withinMs = 80_000

export async function click(page: Page, selector: string): Promise<void> {
  await untilThere(page, selector)
  let [x, y] = [-1, -1]
  // While a page is still being laid out, its elements move: click only an element that has stopped
  // moving and is not covered by another.
  await until(
    () =>
      asked(async () => {
        const [nowX, nowY, isOnTop] = await page.evaluate(centreOf, selector)
        const isStill = nowX === x && nowY === y
        ;[x, y] = [nowX, nowY]
        return isStill && isOnTop
      }),
    () => `${selector} to stand still on ${page.url()}`,
    withinMs,
  )
  await page.mouse.click(x, y)
}

/**
 * Presses Enter on the element, for elements that move while a progress display above them changes.
 */
export async function press(page: Page, selector: string): Promise<void> {
  await untilThere(page, selector)
  await page.focus(selector)
  await page.keyboard.press('Enter')
}

/** Clicks, and waits for the page that the click leads to. */
export async function follow(page: Page, selector: string): Promise<void> {
  await landing(page, () => click(page, selector))
}

export async function landing(page: Page, act: () => Promise<unknown>): Promise<void> {
  await Promise.all([page.waitForNavigation({ timeout: withinMs }), act()])
}

export async function chooseFiles(page: Page, selector: string, ...paths: string[]): Promise<void> {
  await untilThere(page, selector)
  const input = await page.$(selector)
  if (input === null) throw new Error(`there is no ${selector}`)
  await (input as unknown as { uploadFile(...paths: string[]): Promise<void> }).uploadFile(...paths)
}

export async function isThere(page: Page, selector: string): Promise<boolean> {
  return await page.evaluate((wanted) => document.querySelector(wanted) !== null, selector)
}

export async function textOf(page: Page, selector = 'body'): Promise<string> {
  return await page.evaluate(
    (wanted) => document.querySelector(wanted)?.textContent ?? '',
    selector,
  )
}

/** The visible text of an element. */
export async function shownText(page: Page): Promise<string> {
  return await page.evaluate(() => document.body.innerText)
}

/** Clicks into the field and types, as a person would. */
export async function type(page: Page, selector: string, text: string): Promise<void> {
  await click(page, selector)
  await page.keyboard.type(text)
}

export async function untilThere(page: Page, selector: string, ms = withinMs): Promise<void> {
  await until(
    () => asked(() => isThere(page, selector)),
    () => `${selector} on ${page.url()}`,
    ms,
  )
}

export async function untilTrue(
  page: Page,
  what: string,
  isSo: () => boolean,
  ms = withinMs,
): Promise<void> {
  await until(
    () => asked(() => page.evaluate(isSo)),
    () => `${what} on ${page.url()}`,
    ms,
  )
}

/** Answers false while the page is being replaced, because it cannot be asked then. */
export async function asked(question: () => Promise<boolean>): Promise<boolean> {
  try {
    return await question()
  } catch {
    return false
  }
}

function centreOf(selector: string): [x: number, y: number, isOnTop: boolean] {
  const element = document.querySelector(selector)
  element?.scrollIntoView({ block: 'center', behavior: 'instant' })
  const box = element?.getBoundingClientRect()
  if (element === null || box === undefined) return [-1, -1, false]
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  const top = document.elementFromPoint(x, y)
  return [x, y, top !== null && (element.contains(top) || top.contains(element))]
}
