/** The options that `set` changes: declared once, with their values, defaults and one sentence each. */
import { WhittleError } from '../graph/error.ts';

export interface SettingDeclaration {
	readonly name: string;
	readonly summary: string;
	readonly default: string;
	/** The values it takes; undefined for a whole number. */
	readonly values?: readonly string[];
}

export const settingDeclarations: readonly SettingDeclaration[] = [
	{
		name: 'theme',
		summary: 'colours of the shell',
		default: 'auto',
		values: ['auto', 'dark', 'light', 'none'],
	},
	{ name: 'debug', summary: 'check the whole graph after every step', default: 'off', values: ['on', 'off'] },
	{ name: 'verify', summary: 'verify after every step', default: 'off', values: ['off', 'auto'] },
	{ name: 'rows', summary: 'rows of a table shown before the rest is folded', default: '20' },
	{
		name: 'reader',
		summary: 'screen-reader layout: no borders, no redrawing',
		default: 'off',
		values: ['on', 'off'],
	},
];

export class Settings {
	readonly #values = new Map(settingDeclarations.map((setting) => [setting.name, setting.default]));

	get(name: string): string {
		return this.#values.get(name) ?? '';
	}

	/** @throws WhittleError `usage` for a value that the setting does not take. */
	set(name: string, value: string): void {
		const declared = settingDeclarations.find((setting) => setting.name === name);
		if (!declared) throw new WhittleError('unknown', `There is no setting \`${name}\`.`);
		if (declared.values ? !declared.values.includes(value) : !/^\d{1,6}$/.test(value)) {
			throw new WhittleError('usage', `\`${name}\` cannot be \`${value}\`.`, {
				hint: declared.values ? `It is ${declared.values.join(', ')}.` : 'It is a whole number.',
			});
		}
		this.#values.set(name, value);
	}
}
