/** Where whittle keeps a person's settings and journals (XDG base directories). */
import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration file: lines `set NAME VALUE` and `alias NAME LINE`. */
export function configFile(env: Environment = process.env): string {
	return join(home(env) ?? join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'whittle'), 'config');
}

/** The folder of the journals. */
export function journalFolder(env: Environment = process.env): string {
	return join(stateFolder(env), 'sessions');
}

/** The folder of what whittle remembers from session to session. */
export function stateFolder(env: Environment = process.env): string {
	return home(env) ?? join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'whittle');
}

/** One folder for everything, for tests and portable installations. */
function home(env: Environment): string | undefined {
	return env.WHITTLE_HOME || undefined;
}
