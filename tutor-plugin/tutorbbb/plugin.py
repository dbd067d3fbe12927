"""What Tutor reads when the plugin ``bbb`` is enabled: configuration, patches, tasks, commands. All hooks are here."""

from importlib.resources import files

from tutor import hooks

from tutorbbb import commands, typed, values

# Nothing is installed that nobody asked for: see image.py.
hooks.Filters.CONFIG_DEFAULTS.add_items([*values.DEFAULTS.items(), ("BBB_REQUIREMENT", "")])

for patch in sorted((files("tutorbbb") / "patches").iterdir(), key=lambda path: path.name):
    hooks.Filters.ENV_PATCHES.add_item((patch.name, patch.read_text("utf-8")))
hooks.Filters.ENV_TEMPLATE_VARIABLES.add_item(("bbb_namespace", values.namespace_of_template))
hooks.Filters.ENV_TEMPLATE_FILTERS.add_item(("bbb_shell_word", values.shell_word))

# Tutor's own task migrates all apps; this one serves `tutor local do init --limit=bbb` on a platform that runs already.
hooks.Filters.CLI_DO_INIT_TASKS.add_item(("lms", commands.in_the_lms("migrate", "bbb_xblock", "--no-input")))

hooks.Filters.CLI_COMMANDS.add_item(commands.bbb)
hooks.Filters.CLI_DO_COMMANDS.add_item(commands.bbb_check)

hooks.Actions.PLUGINS_LOADED.add()(typed.refuse_changed_secrets)
