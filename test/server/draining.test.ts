import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../src/page/languages.ts'
import { formOf, type Intake, postForm, postRaw, sealRandom, startIntake } from './harness.ts'

let intake: Intake
let isDraining = true
beforeEach(async () => {
  isDraining = true
  intake = await startIntake({ isDraining: () => isDraining })
})
afterEach(() => intake.stop())

describe('while it is drained', () => {
  it('refuses a tip with 503 and when to come back, before its body is read, and accepts it afterwards', async () => {
    const envelope = await sealRandom()
    for (const response of [
      await postRaw(intake, envelope),
      await postForm(intake, formOf(envelope)),
    ]) {
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '60'])
      expect(await response.json()).toMatchObject({
        status: 503,
        code: 'DRAINING',
        title: 'Closed for a moment',
      })
    }
    expect(intake.files('incoming')).toEqual([])
    isDraining = false
    expect((await postRaw(intake, envelope)).status).toBe(201)
  })

  it.each(['/', '/sealed', '/KO/', ...LANGUAGES.map((language) => `/${language}`)])(
    'shows at %s that it is closed for a moment',
    async (path) => {
      const response = await fetch(intake.url + path, {
        headers: { Accept: 'text/html', 'Accept-Language': 'ko' },
      })
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '60'])
      expect(await response.text()).not.toContain('<form')
    },
  )

  it('says so in the language of the client, without a link to a closed page', async () => {
    const page = await (
      await fetch(`${intake.url}/`, { headers: { Accept: 'text/html', 'Accept-Language': 'ko' } })
    ).text()
    expect(page).toContain('잠시 닫혀 있습니다')
    expect(page).not.toContain('class="button"')
  })

  it('still answers for receipts and the keyring', async () => {
    isDraining = false
    const { receipt } = (await (await postRaw(intake, await sealRandom())).json()) as {
      receipt: string
    }
    isDraining = true
    expect((await fetch(`${intake.url}/receipts/${receipt}`)).status).toBe(200)
    for (const path of ['/receipts', '/keyring.json', '/recipients.txt', '/assets/app.js'])
      expect((await fetch(intake.url + path)).status).toBe(200)
  })
})
