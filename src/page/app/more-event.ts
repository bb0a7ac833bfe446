import { h, type ComponentChild } from 'preact'
import { acknowledgements, authorities, topics, waysTaken, yesNoUnknown } from '../../tip/codes.ts'
import { askBox, askChoice, askCountry, askLine, askNumber, change } from './answer-fields.ts'
import { DateField } from './date-field.ts'
import type { TransferDraft } from './draft.ts'
import { Checks, Group, TextLine } from './fields.ts'
import type { MoreContext } from './form-context.ts'
import { UndoNotice } from './undo-notice.ts'

function Transfer(context: MoreContext, transfer: TransferDraft): ComponentChild {
  const { texts, actions, messageFor } = context
  const id = `transfers-${transfer.key}`
  const patch = (change: Partial<TransferDraft>): void =>
    actions.act({ type: 'patch', list: 'transfers', key: transfer.key, change })
  const place = (field: 'from' | 'to', label: string): ComponentChild =>
    TextLine({
      id: `${id}-${field}`,
      label,
      value: transfer[field],
      problem: messageFor(`${id}-${field}`),
      onValue: (value) => patch({ [field]: value }),
    })
  return h(
    'div',
    { key: transfer.key, class: 'transfer' },
    DateField(context, {
      id: `${id}-when`,
      label: texts.ask.transferWhen,
      value: transfer.when,
      onValue: (when) => patch({ when }),
    }),
    h(
      'div',
      { class: 'row' },
      place('from', texts.ask.transferFrom),
      place('to', texts.ask.transferTo),
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'button button-quiet',
        id: `${id}-remove`,
        onClick: () => actions.remove('transfers', transfer.key),
      },
      texts.remove,
    ),
  )
}

const Transfers = (context: MoreContext): ComponentChild => {
  const { texts, draft, actions } = context
  return Group(
    { id: 'transfers', label: texts.ask.transfers },
    draft.transfers.map((transfer) => Transfer(context, transfer)),
    UndoNotice(
      context,
      'transfers',
      ({ from, to }) => [from, to].filter(Boolean).join(' – ') || texts.ask.transfers,
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'button button-quiet',
        id: 'add-transfer',
        onClick: () => actions.addBlank('transfers'),
      },
      texts.add.transfer,
    ),
  )
}

const ReturnRisk = (context: MoreContext, labels: Record<string, string>): ComponentChild => {
  const { texts } = context
  return Group(
    { id: 'returnRisk', label: texts.ask.returnRisk },
    askCountry(context, 'returnCountry', texts.ask.returnCountry, labels),
    askBox(context, 'returnBasis'),
  )
}

export function EventPart(context: MoreContext, labels: Record<string, string>): ComponentChild[] {
  const { texts, draft } = context
  return [
    askChoice(context, 'topic', topics, texts.topics),
    Checks({
      id: 'authority',
      label: texts.ask.authority,
      codes: authorities,
      labels: texts.authorities,
      value: draft.authority,
      onToggle: (one, isOn) =>
        change(context, {
          authority: authorities.filter((code) =>
            code === one ? isOn : draft.authority.includes(code),
          ),
        }),
    }),
    askLine(context, 'authorityText'),
    askChoice(context, 'howTaken', waysTaken, texts.ways),
    askCountry(context, 'whereCountry', texts.ask.whereCountry, labels),
    h(
      'div',
      { class: 'row' },
      askLine(context, 'held'),
      askCountry(context, 'heldCountry', texts.country, labels),
    ),
    Transfers(context),
    ReturnRisk(context, labels),
    DateField(context, {
      id: 'lastContact',
      label: texts.ask.lastContact,
      value: draft.lastContact,
      onValue: (lastContact) => change(context, { lastContact }),
    }),
    askNumber(context, 'companions'),
    askNumber(context, 'guides', texts.hint.guides),
    askChoice(context, 'warrant', yesNoUnknown, texts.yesNo),
    askBox(context, 'reasons'),
    askChoice(context, 'acknowledged', acknowledgements, texts.acknowledgements),
  ]
}
