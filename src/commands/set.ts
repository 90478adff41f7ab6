import { WhittleError } from '../graph/error.ts';
import { didYouMean } from '../graph/suggest.ts';
import { type Answer, type Column, text } from '../session/answer.ts';
import { writeConfigLine } from '../session/config.ts';
import { settingDeclarations } from '../session/settings.ts';
import { flag, optionalWord } from './arguments.ts';
import { defineCommand } from './define.ts';

const columns: readonly Column[] = [
	{ name: 'name', tone: 'strong' },
	{ name: 'value' },
	{ name: 'values', tone: 'dim' },
	{ name: 'summary' },
];

export default defineCommand({
	name: 'set',
	group: 'session',
	summary: 'show the settings, or change one',
	details:
		'Holds for this session; with --save for all later ones too, by a line in the configuration file ' +
		'(`help files` tells where).',
	args: {
		name: optionalWord('the setting', { subject: 'setting' }),
		value: optionalWord('its new value'),
		save: flag('also for later sessions'),
	},
	examples: ['set', 'set theme light --save', 'set rows 40'],
	scripted: 'never',
	resumed: true,
	withoutModel: true,

	run(session, { name, value, save }): Answer {
		const { settings } = session;
		const known = settingDeclarations.map((setting) => setting.name);
		if (name !== undefined && !known.includes(name)) {
			throw new WhittleError('unknown', `There is no setting \`${name}\`.`, {
				hint: didYouMean(name, known) ?? `Settings: ${known.join(', ')}.`,
			});
		}
		if (name !== undefined && value !== undefined) {
			settings.set(name, value);
			if (save) writeConfigLine('set', name, value);
			return { kind: 'text', data: { [name]: value }, blocks: [text(`${name} = ${value}`)] };
		}
		const rows = settingDeclarations
			.filter((setting) => name === undefined || setting.name === name)
			.map((setting) => ({
				name: setting.name,
				value: settings.get(setting.name),
				default: setting.default,
				values: setting.values ?? null,
				summary: setting.summary,
			}));
		const shown = rows.map((row) => [row.name, row.value, row.values?.join(' ') ?? '', row.summary]);
		return {
			kind: 'table',
			data: { columns: ['name', 'value', 'values', 'summary'], rows, total: rows.length },
			blocks: [{ type: 'table', columns, rows: shown }],
		};
	},
});
