/** Runs the explorer: keys and clicks change the state, and each state is drawn. */

import { spawnSync } from 'node:child_process';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { PstatError } from '../../base/errors.ts';
import { systemErrorCode } from '../../base/system-error.ts';
import { exists } from '../../input/nearby.ts';
import { exploreScreen, type Screen } from '../../render/explore/screen.ts';
import type { Theme } from '../../render/theme.ts';
import type { ListView } from '../../view/list-view.ts';
import { listFunctions } from '../commands/list-answer.ts';
import type { Io, Terminal } from '../io.ts';
import { carryOver } from './carry-over.ts';
import { ExploreTerminal, type KeyInput, type MouseInput } from './explore-terminal.ts';
import type { Explored } from './explored-model.ts';
import { Explorer } from './explorer.ts';
import { type Effect, INITIAL, type Input, isHeld, reduce, type State, settle } from './state.ts';
import { type CommandWords, exploreView } from './view.ts';

export interface ExploreOptions extends CommandWords {
  readonly folders: readonly string[];
  readonly theme: Theme;
  /** Whether the terminal opens links. */
  readonly links: boolean;
  /** Whether clicks and the wheel are keys of the explorer; else they are the terminal's own. */
  readonly mouse: boolean;
  /** What replaces the profile from time to time; null for files. */
  readonly live: LiveSource | null;
  /** Writes a file of what a state shows; returns what to say of it. Throws PstatError. */
  write(file: string, state: State): Promise<string>;
}

/** A program that runs. */
export interface LiveSource {
  /** Resolves to the next profile when there is one, and to null when the program has ended. */
  next(): Promise<Explored | null>;
  /** Aborted to quit. */
  readonly signal: AbortSignal;
}

/** Two clicks on the same place within this many ms are a double click. */
const DOUBLE_CLICK = 400;

/** Keys are answered between two profiles: at most one part of this many of the time goes into new ones. */
const MIN_REST = 5;

/** ms. */
const HELD_POLL = 100;

/** An answer that takes longer lets keys in after this many ms. */
const MAX_SLICE = 20;

/** Nodes of a tree that takes longer than a key should. */
const LARGE_TREE = 50_000;

/** Ends when the user quits. */
export async function runExplore(
  explored: Explored,
  terminal: Terminal,
  io: Io,
  options: ExploreOptions,
): Promise<void> {
  const session = new ExploreSession(explored, terminal, io, options);
  await session.run();
}

class ExploreSession {
  #explorer: Explorer;
  readonly #terminal: ExploreTerminal;
  readonly #io: Io;
  readonly #options: ExploreOptions;
  #state: State;
  #screen: Screen | null = null;
  #source: { readonly key: string; view: ListView | null } = { key: '', view: null };
  #lastClick = { key: '', time: 0 };
  #quit = () => {};
  #isDrawDue = false;
  /** Whether an answer may take longer than a key should. */
  #isLarge = false;

  constructor(explored: Explored, terminal: Terminal, io: Io, options: ExploreOptions) {
    this.#io = io;
    this.#options = options;
    this.#terminal = new ExploreTerminal(terminal, options.mouse, {
      onInput: (input) => this.#onInput(input),
      onRedraw: () => this.#draw(),
    });
    this.#explorer = this.#explorerOf(explored);
    this.#state = { ...initialState(this.#explorer), live: options.live === null ? null : 'on' };
  }

  #explorerOf(explored: Explored): Explorer {
    const { profile } = explored.stats;
    this.#isLarge = 'callTree' in profile && profile.callTree.length > LARGE_TREE;
    return new Explorer(explored, this.#isLarge ? () => this.#sayComputing() : undefined);
  }

  async run(): Promise<void> {
    const close = this.#terminal.open();
    const end = new AbortController();
    try {
      this.#draw();
      const { live } = this.#options;
      const quit = new Promise<void>((resolve) => {
        this.#quit = resolve;
        live?.signal.addEventListener('abort', () => resolve());
        // A signal that is aborted emits no event more.
        if (live?.signal.aborted) resolve();
      });
      // A failure of either ends the other.
      await (live === null ? quit : Promise.race([quit, this.#follow(live, end.signal).then(() => quit)]));
    } finally {
      end.abort();
      close();
    }
  }

  /** Shows newer profiles, each when the one before is drawn: where that takes long, they come less often. */
  async #follow(live: LiveSource, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const explored = await live.next();
      if (signal.aborted) return;
      const start = performance.now();
      if (explored === null) this.#state = { ...this.#state, live: 'ended' };
      else if (!isHeld(this.#state)) this.#replace(explored);
      this.#draw();
      if (explored === null) return;
      await this.#terminal.drained();
      await pause((performance.now() - start) * MIN_REST, null, { signal, ref: false }).catch(() => {});
      while (isHeld(this.#state) && !signal.aborted)
        await pause(HELD_POLL, null, { signal, ref: false }).catch(() => {});
    }
  }

  #replace(explored: Explored): void {
    const explorer = this.#explorerOf(explored);
    this.#state = carryOver(this.#state, this.#explorer, explorer);
    this.#explorer = explorer;
    this.#source = { key: '', view: this.#source.view };
    this.#lastClick = { key: '', time: 0 };
  }

  #onInput(raw: KeyInput | MouseInput): void {
    const input = this.#toInput(raw);
    if (input === null) return;
    const { state, effect } = reduce(this.#state, input, this.#explorer, this.#terminal.size);
    this.#state = state;
    if (effect === undefined) this.#drawSoon();
    else {
      this.#draw();
      this.#perform(effect);
    }
  }

  /** Once for all keys that were typed meanwhile, so that a newer one does not wait for the screens of older ones. */
  #drawSoon(): void {
    if (this.#isDrawDue) return;
    this.#isDrawDue = true;
    setImmediate(async () => {
      if (this.#isDrawDue && (await this.#compute())) this.#draw();
    });
  }

  /** Finds what the state shows. False where a newer key came, which is answered in place of it. */
  async #compute(): Promise<boolean> {
    this.#isDrawDue = false;
    if (!this.#isLarge) return true;
    const state = this.#state;
    const explorer = this.#explorer;
    let start = performance.now();
    for (const _ of explorer.parts(state, this.#terminal.size)) {
      if (performance.now() - start < MAX_SLICE) continue;
      await nextTurn();
      if (state !== this.#state || explorer !== this.#explorer) return false;
      start = performance.now();
    }
    return true;
  }

  #toInput(raw: KeyInput | MouseInput): Input | null {
    if (raw.kind === 'key') return raw;
    if (raw.kind !== 'press') return { kind: 'key', name: raw.kind === 'wheel-up' ? 'up' : 'down', text: '' };
    const target = this.#screen?.targetAt(raw.column, raw.row) ?? null;
    if (target === null) return null;
    const key = JSON.stringify(target);
    const isDouble = this.#lastClick.key === key && Date.now() - this.#lastClick.time < DOUBLE_CLICK;
    this.#lastClick = { key, time: Date.now() };
    if ('time' in target) return { kind: 'time', time: target.time };
    if ('row' in target) return { kind: 'row', row: target.row, isDouble };
    return { kind: 'path', path: this.#explorer.pictures.pathOf(this.#state, target.node), isDouble };
  }

  #perform(effect: Effect): void {
    if (typeof effect === 'object') {
      void this.#write(effect.write);
      return;
    }
    const act = {
      quit: () => this.#quit(),
      copy: () => this.#copyCommand(),
      print: () => this.#terminal.print(this.#screen?.lines.slice(1, -2) ?? []),
      suspend: () => this.#terminal.suspend(),
      edit: () => this.#edit(),
    }[effect];
    act();
  }

  #copyCommand(): void {
    const { command } = exploreView(this.#state, this.#explorer, this.#surroundings());
    if (command === null) return; // the last line says why
    this.#terminal.copy(command);
    this.#say('copied the command');
  }

  /** Opens the source of the selected function in $VISUAL or $EDITOR. */
  #edit(): void {
    const { env } = this.#io;
    const [program = '', ...words] = (env['VISUAL'] || env['EDITOR'] || '').split(' ');
    const place = this.#explorer.model.placeOf(this.#state.fn);
    let problem: string | null = null;
    if (program === '') problem = 'EDITOR names no program';
    else if (place === null) problem = 'no file of this machine';
    else if (!exists(place.file)) problem = `no such file: ${place.file}`;
    else problem = this.#runInTerminal(program, [...words, `+${place.line}`, place.file]);
    if (problem === null) return;
    this.#state = { ...this.#state, message: problem };
    this.#draw();
  }

  /** Lends the terminal to a program. Returns why it could not start, or null. */
  #runInTerminal(program: string, words: readonly string[]): string | null {
    this.#terminal.leave();
    try {
      const { error } = spawnSync(program, words, { stdio: 'inherit' });
      return error === undefined ? null : `${program} cannot start: ${systemErrorCode(error)}`;
    } catch (error) {
      return `${program} cannot start: ${systemErrorCode(error)}`; // --permission
    } finally {
      this.#terminal.enter();
      this.#terminal.redraw();
    }
  }

  /** Writes a report or an export of what the state shows, and says what was written. */
  async #write(file: string): Promise<void> {
    this.#say(`writing ${file} …`);
    try {
      this.#say(await this.#options.write(file, this.#state));
    } catch (error) {
      if (!(error instanceof PstatError)) throw error;
      this.#say(error.message);
    }
  }

  #say(message: string): void {
    this.#state = { ...this.#state, message };
    this.#draw();
  }

  /** A terminal is written to at once, so that this is seen while the answer is computed. */
  #sayComputing(): void {
    this.#terminal.say('computing …', this.#terminal.size.rows - 2);
  }

  #surroundings() {
    return { ...this.#options, source: this.#source.view };
  }

  #draw(): void {
    this.#isDrawDue = false;
    this.#state = settle(this.#state, this.#explorer);
    if (this.#state.pane === 'source') this.#readSource();
    const view = exploreView(this.#state, this.#explorer, this.#surroundings());
    this.#screen = exploreScreen(view, this.#terminal.size, this.#options);
    this.#terminal.show(this.#screen.lines);
  }

  /** The listing of the selected function, which is drawn again when it is there. */
  #readSource(): void {
    const { fn, filters, window } = this.#state;
    const key = JSON.stringify([fn, filters, window]);
    if (fn === null || key === this.#source.key) return;
    const source = { key, view: null as ListView | null };
    this.#source = source;
    const stats = this.#explorer.model.stats(this.#state);
    const list = async () => {
      await nextTurn(); // after the screen that says so
      if (source !== this.#source) return;
      source.view = await listFunctions(stats, { pattern: fn, query: { limit: 1 }, folders: this.#options.folders });
      this.#draw();
    };
    list().catch((error: unknown) => this.#say(error instanceof Error ? error.message : String(error)));
  }
}

/** The first screen shows the hottest path down to its hottest function. A profile without a tree begins with its table. */
export function initialState(explorer: Explorer): State {
  if (!explorer.model.hasTree)
    return { ...INITIAL, pane: 'table', fn: explorer.lists.functionOfRow({ ...INITIAL, pane: 'table' }) };
  const path = explorer.pictures.hottestLeaf(INITIAL);
  return { ...INITIAL, path, fn: explorer.pictures.functionAt({ ...INITIAL, path }) };
}
