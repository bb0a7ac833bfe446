import { answerWays } from './answer-ways.ts'
import { deskWays } from './desk-ways.ts'
import { intakeWays } from './intake-ways.ts'
import { ledgerWays } from './ledger-ways.ts'
import type { Way } from './record.ts'
import { serverWays } from './server-ways.ts'
import { workerWays } from './worker-ways.ts'

export const ways = {
  ...intakeWays,
  ...ledgerWays,
  ...workerWays,
  ...serverWays,
  ...deskWays,
  ...answerWays,
} satisfies Record<string, Way>

export type WayName = keyof typeof ways
