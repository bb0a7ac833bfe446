import type { Express, Request, Response } from 'express'
import { askReceiptPage, receiptPage } from '../page/pages.ts'
import type { ReceiptState } from '../page/texts.ts'
import type { BlobStore } from '../store/blob-store.ts'
import { isReceipt } from '../store/layout.ts'
import type { UnknownReceipt } from '../page/view/ask-receipt.ts'
import { pathBelow, receiptsPath } from '../wire/names.ts'
import { readReceipt } from '../wire/read-receipt.ts'
import { prefersHtml } from './answer.ts'
import { IntakeError } from './errors.ts'
import type { KeyringSource } from './keyring-source.ts'
import { frameOf } from './page-routes.ts'
import { readReceiptForm, shownAgain } from './receipt-form.ts'
import { allowOnly, route, send, sendPage } from './routing.ts'

const STATES_BY_PREFIX = { incoming: 'accepted', sealed: 'stored', collected: 'collected' } as const

/** Adds the routes that show the state of a tip to a client that has its receipt. */
export function addReceipts(
  app: Express,
  {
    spool,
    keyring,
    limits: { retentionDays },
  }: {
    spool: Pick<BlobStore, 'locate'>
    keyring: KeyringSource
    limits: { retentionDays: number }
  },
): void {
  const locate = async (receipt: string): Promise<ReceiptState | null> => {
    const prefix = isReceipt(receipt) ? await spool.locate(receipt) : null
    return prefix === null ? null : STATES_BY_PREFIX[prefix]
  }
  const answer = (
    request: Request,
    response: Response,
    receipt: string,
    state: ReceiptState,
  ): void => {
    if (!prefersHtml(request))
      return send(response, 'application/json', `${JSON.stringify({ state })}\n`)
    sendPage(
      request,
      response,
      receiptPage({ ...frameOf(request, response, keyring), receipt, state }),
    )
  }
  const ask = (request: Request, response: Response, unknown: UnknownReceipt | null): void =>
    sendPage(
      request,
      response,
      askReceiptPage({ ...frameOf(request, response, keyring), unknown, retentionDays }),
    )

  app
    .route(receiptsPath)
    .get((request, response) => ask(request, response, null))
    .post(async (request, response) => {
      const pasted = await readReceiptForm(request, response)
      const read = readReceipt(pasted)
      for (const receipt of read.found === 'one' ? read.readings : []) {
        const state = await locate(receipt)
        if (state !== null) return answer(request, response, receipt, state)
      }
      if (!prefersHtml(request)) throw new IntakeError('NOT_FOUND', 'no such receipt')
      const unknown = { pasted: shownAgain(pasted), found: read.found }
      ask(request, response.status(404), unknown)
    })
    .all(allowOnly('GET, HEAD, POST'))
  route(app, [pathBelow(receiptsPath, ':receipt')], async (request, response) => {
    const receipt = String(request.params['receipt'])
    const state = await locate(receipt)
    if (state === null) throw new IntakeError('NOT_FOUND', 'no such receipt')
    answer(request, response, receipt, state)
  })
}
