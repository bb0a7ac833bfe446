import type { CliContext } from './context.ts'

/** One option, for `node:util` parseArgs and for the help text. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  /** May be given more than once; the value is then an array. */
  readonly multiple?: boolean
  /** The placeholder of the value in the help text, in capitals: `FILE`, `DAY`. */
  readonly value?: string
  readonly about: string
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>

type SingleValue<S extends OptionSpec> = S['type'] extends 'boolean' ? boolean : string
type ValueOf<S extends OptionSpec> = S extends { readonly multiple: true }
  ? ReadonlyArray<SingleValue<S>>
  : SingleValue<S>
export type OptionValues<O extends OptionSpecs> = {
  readonly [K in keyof O]?: ValueOf<O[K]> | undefined
}

interface CommandHead {
  /** The words after `tumen`: `seal`, `keys new`. */
  readonly name: string
  /** One line for lists of commands. */
  readonly summary: string
}

export interface CommandSpec<O extends OptionSpecs> extends CommandHead {
  /** The arguments after the name: `NAME [--out DIR]`. */
  readonly usage: string
  /** Paragraphs below the usage line: examples, exit status. */
  readonly help?: string
  readonly options: O
  /** Number of arguments that are not options; `max` may be `Infinity`. */
  readonly positionals: { readonly min: number; readonly max: number }
  /** @returns the exit status. */
  run(context: CliContext, values: OptionValues<O>, positionals: readonly string[]): Promise<number>
}

/** A command, after the types of its options were erased. */
export interface Command extends CommandHead {
  readonly usage: string
  readonly help?: string
  readonly options: OptionSpecs
  readonly positionals: { readonly min: number; readonly max: number }
  run(
    context: CliContext,
    values: Readonly<Record<string, unknown>>,
    positionals: readonly string[],
  ): Promise<number>
}

/** A word that only groups commands, such as `tumen keys …`. */
export interface CommandGroup extends CommandHead {
  readonly subcommands: readonly Command[]
}

/** Defines a command whose `run` receives `values` with the types of its `options`. */
export function defineCommand<const O extends OptionSpecs>(spec: CommandSpec<O>): Command {
  // parseArgs has already checked the values against the same options.
  return {
    ...spec,
    run: (context, values, positionals) =>
      spec.run(context, values as OptionValues<O>, positionals),
  }
}

export function isGroup(command: Command | CommandGroup): command is CommandGroup {
  return 'subcommands' in command
}

/** An entry in a program's table of commands. */
export interface TableEntry {
  readonly name: string
  readonly summary: string
  /** Loads the command. Only the one that runs is loaded, so that `--help` is instant. */
  load(): Promise<{ readonly command: Command | CommandGroup }>
}
