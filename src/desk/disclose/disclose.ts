import type { ConsentRecipient } from '../../tip/consent.ts'
import type { CaseView } from '../files/case-view.ts'
import type { Account } from './account.ts'
import { emptyAccount } from './account.ts'
import { discloseFields } from './disclose-fields.ts'
import type { Disclosed, Withheld } from './disclosed.ts'
import type { Echo } from './echoes.ts'
import { findEcho } from './echoes.ts'
import { discloseFiles } from './files.ts'
import { mayLeave, provenanceIn } from './provenance.ts'
import { findsSource } from './source-inside.ts'
import type { TipText } from './tip-texts.ts'
import { mapTexts, textsOf } from './tip-texts.ts'

/** What a recipient may know of a case, or why nothing, and the account for the analyst. */
export interface Review {
  result: Disclosed | Withheld
  /** For the analyst only, never for the recipient. */
  account: Account
}

/**
 * Decides what may leave of a case. Consent says which fields a recipient may have; provenance says
 * which values in them. Every report, export, archive and count uses only this result.
 *
 * @param others the other tips of the same case (`othersOfCase`).
 */
export function review(
  view: CaseView,
  recipient: ConsentRecipient,
  others: readonly CaseView[],
): Review {
  const refusal = refusalOf(view, recipient, others)
  if (refusal !== null) return { result: refusal, account: emptyAccount }
  const level = levelOf(view, recipient)
  if (view.tip === null || level === 'no' || level === 'ask_first')
    return { result: withhold(view, recipient, 'ASK_FIRST'), account: emptyAccount }
  const clearing = new Clearing(view, others)
  const tip = clearing.marked(view.tip)
  const answers = clearing.markedAnswers(view.state.formAnswers)
  const fields = clearing.resolve(discloseFields(view, tip, recipient, level, answers))
  const files = discloseFiles(view, fields.ref, level, (found) => clearing.textOf(found))
  const disclosed = { ...fields, attachments: files.going }
  return findsSource([view, ...others], disclosed)
    ? { result: withhold(view, recipient, 'SOURCE_INSIDE'), account: emptyAccount }
    : { result: disclosed, account: { ...clearing.account(), ...files.account } }
}

/** What a recipient may know of a case, or why nothing; `review` without the account. */
export function disclose(
  view: CaseView,
  recipient: ConsentRecipient,
  others: readonly CaseView[] = [],
): Disclosed | Withheld {
  return review(view, recipient, others).result
}

export function isWithheld(result: Disclosed | Withheld): result is Withheld {
  return 'code' in result
}

/**
 * Decides about each text separately. The functions that pick fields see placeholders instead of
 * texts; a placeholder in their result is replaced by its text only if that may leave. So a field
 * that is added to a report later is covered without further code.
 */
class Clearing {
  readonly #found = new Map<string, TipText>()
  readonly #provenance: ReturnType<typeof provenanceIn>
  readonly #unconfirmed: readonly string[]
  readonly #held: string[] = []
  readonly #quoted: TipText[] = []
  readonly #echoes: Echo[] = []

  constructor(view: CaseView, others: readonly CaseView[]) {
    this.#provenance = provenanceIn(view, others)
    this.#unconfirmed = unconfirmedTexts(view, others)
  }

  /**
   * The tip with a placeholder for each text. All texts are replaced, so no text can be mistaken
   * for a placeholder.
   */
  marked(tip: NonNullable<CaseView['tip']>): NonNullable<CaseView['tip']> {
    return mapTexts(tip, (found) => this.#mark(found))
  }

  markedAnswers(answers: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    return new Map([...answers].map(([path, text]) => [path, this.#mark({ path, text })]))
  }

  #mark(found: TipText): string {
    const mark = `\u0000${found.path}`
    this.#found.set(mark, found)
    return mark
  }

  resolve(fields: Omit<Disclosed, 'attachments'>): Omit<Disclosed, 'attachments'> {
    const resolved = this.#resolveIn(fields) as typeof fields
    const isTold = ({ text }: { text: string | null }) => text !== null
    return {
      ...resolved,
      persons: resolved.persons.map((person) => ({
        ...person,
        names: person.names.filter(isTold),
        idDocs: person.idDocs.filter(({ type, number }) => (type ?? number ?? null) !== null),
      })),
    }
  }

  textOf(found: TipText): string | null {
    const provenance = this.#provenance(found)
    if (!mayLeave(provenance)) {
      this.#held.push(found.path)
      return null
    }
    if (provenance === 'confirmed') this.#quoted.push(found)
    const run = provenance === 'analyst' ? findEcho(found.text, this.#unconfirmed) : null
    if (run !== null) this.#echoes.push({ path: found.path, run })
    return found.text
  }

  account(): Pick<Account, 'held' | 'quoted' | 'echoes'> {
    return { held: this.#held, quoted: this.#quoted, echoes: this.#echoes }
  }

  #resolveIn(value: unknown): unknown {
    if (typeof value === 'string') {
      const found = this.#found.get(value)
      return found === undefined ? value : this.textOf(found)
    }
    if (Array.isArray(value)) return value.map((item) => this.#resolveIn(item))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [name, this.#resolveIn(field)]),
    )
  }
}

/** All wordings of the sources that no analyst confirmed, including fields that never leave. */
function unconfirmedTexts(view: CaseView, others: readonly CaseView[]): string[] {
  return [view, ...others].flatMap((each) => {
    const rest = [view, ...others].filter((other) => other !== each)
    const provenance = provenanceIn(each, rest)
    return textsOf(each.original)
      .filter((found) => provenance(found) !== 'confirmed')
      .map(({ text }) => text)
  })
}

const levelOf = (view: CaseView, recipient: ConsentRecipient) =>
  view.consent.find((consent) => consent.recipient === recipient)?.level ?? 'ask_first'

type Refusal = Extract<Withheld['code'], 'NO_TIP' | 'NO_CONSENT' | 'ASK_FIRST' | 'SOURCE_INSIDE'>

function refusalOf(
  view: CaseView,
  recipient: ConsentRecipient,
  others: readonly CaseView[],
): Withheld | null {
  const level = levelOf(view, recipient)
  if (level === 'no') return withhold(view, recipient, 'NO_CONSENT')
  const refusing = others.find((other) => levelOf(other, recipient) === 'no')
  if (refusing !== undefined)
    return {
      ...withhold(view, recipient, 'NO_CONSENT'),
      detail: `another tip of this case, ${refusing.id}, says no for ${recipient}; only its source can change that`,
    }
  if (view.tip === null) return withhold(view, recipient, 'NO_TIP')
  return level === 'ask_first' ? withhold(view, recipient, 'ASK_FIRST') : null
}

function withhold({ receipt, id }: CaseView, recipient: ConsentRecipient, code: Refusal): Withheld {
  return { receipt, id, recipient, code, detail: wayOut(id, recipient, code) }
}

function wayOut(id: string, recipient: ConsentRecipient, code: Refusal): string {
  switch (code) {
    case 'NO_TIP':
      return `there is no tip.json that can be read: write it yourself, tumen case set ${id} narrative "…"`
    case 'NO_CONSENT':
      return `the source said no for ${recipient}; only they can change that`
    case 'ASK_FIRST':
      return `ask the source first, then: tumen case consent ${id} ${recipient} named --given-by WHO`
    case 'SOURCE_INSIDE':
      return `a text says how to reach the source: take the number or address out of what was typed, see "tumen case show ${id}"`
  }
}
