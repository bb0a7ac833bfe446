import { join } from 'node:path'
import { makeFolder } from '../../disk/make-folder.ts'
import { replaceFile } from '../../disk/small-files.ts'
import { formatDailyHead, readDailyHead } from '../../ledger/daily-head.ts'
import { signMinisign } from '../../keyring/minisign.ts'
import { requireUsableFolder } from '../../store/data-folder.ts'
import { addDays, isDay } from '../../time/day.ts'
import { defineCommand } from '../frame/command.ts'
import { printJson, printLine, resolvePath } from '../frame/context.ts'
import { failure } from '../frame/errors.ts'
import { today } from '../frame/keyring-folder.ts'
import { readExportKey } from '../server/vault.ts'

export const head = defineCommand({
  name: 'ledger head',
  summary: "sign where this machine's ledger ended on a day",
  usage: '[FOLDER] [--day DAY] [--json]',
  help: `Writes FOLDER/ledger-head-DAY.json and its .minisig, made with the export key of this machine. Keep
them elsewhere: somebody who rewrites it later cannot give it the same head at the same line. Without
FOLDER it only prints them. DAY is yesterday if left out, the last day that is complete.

On several machines, run it on each: every worker has its own ledger, and they are merged by receipt.
Check it with minisign -Vm ledger-head-DAY.json -P KEY`,
  options: {
    day: { type: 'string', about: 'the day, YYYY-MM-DD' },
    json: { type: 'boolean', about: 'print JSON' },
  },
  positionals: { min: 0, max: 1 },
  async run(context, values, [folder]) {
    const settings = await context.settings()
    const day = values.day ?? addDays(today(context), -1)
    if (!isDay(day)) throw failure('--day must be a day such as 2026-11-23')
    if (day > today(context)) throw failure('--day is in the future')
    // Nothing is signed about a ledger that this version may not understand.
    await requireUsableFolder(settings.dataDir)
    const signingKey = await readExportKey(settings)
    const found = await readDailyHead(join(settings.dataDir, 'ledger.jsonl'), day)
    const text = formatDailyHead(found)
    const signature = signMinisign({
      secretKey: signingKey,
      message: new TextEncoder().encode(text),
      trustedComment: `tumen ledger head, ${day}`,
    })
    if (folder !== undefined) {
      const path = join(resolvePath(context, folder), `ledger-head-${day}.json`)
      await makeFolder(resolvePath(context, folder), 0o777)
      await replaceFile(path, text)
      await replaceFile(`${path}.minisig`, signature)
    }
    if (values.json === true) printJson(context, { ...found, signature })
    else {
      printLine(context, text.trimEnd())
      if (folder === undefined) printLine(context, signature.trimEnd())
    }
    return 0
  },
})
