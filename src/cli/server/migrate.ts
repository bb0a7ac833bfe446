import {
  dataVersion,
  migrateDataFolder,
  pendingMigrations,
  readDataFormat,
} from '../../store/data-folder.ts'
import { midnightOf } from '../../time/day.ts'
import { defineCommand } from '../frame/command.ts'
import { printJson, printLine } from '../frame/context.ts'

export const command = defineCommand({
  name: 'migrate',
  summary: 'bring a data folder of an earlier version up to date',
  usage: '[--dry-run] [--json]',
  help: `Every process does this by itself when it starts. Run it with --dry-run before an upgrade to see what
will be done. A folder that a newer version wrote is refused, and nothing in it is changed.

Exit status 0: the folder is up to date, or will be. 1: it was refused.`,
  options: {
    'dry-run': { type: 'boolean', about: 'only say what would be done' },
    json: { type: 'boolean', about: 'print JSON' },
  },
  positionals: { min: 0, max: 0 },
  async run(context, values) {
    const { dataDir } = await context.settings()
    const isDryRun = values['dry-run'] === true
    const format = await readDataFormat(dataDir)
    const steps = isDryRun
      ? pendingMigrations(format)
      : await migrateDataFolder(dataDir, midnightOf(context.clock.now()))
    if (values.json === true)
      printJson(context, {
        from: format.version,
        to: dataVersion,
        dry_run: isDryRun,
        steps: steps.map(({ to, does }) => ({ to, does })),
      })
    else if (steps.length === 0) printLine(context, `${dataDir} is up to date`)
    else
      for (const { to, does } of steps)
        printLine(context, `${isDryRun ? 'would do' : 'done'}, version ${to}: ${does}`)
    return 0
  },
})
