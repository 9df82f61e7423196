/* SPDX-License-Identifier: GPL-3.0-or-later */
/* actionctl: the action center on a command line. Takes the command, its options and its arguments
 * apart, and connects. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <locale.h>

#include "actionctl/ac-ctl.h"

static const AcCtlCommand *const commands[] = {
  &ac_ctl_list,   &ac_ctl_show, &ac_ctl_message, &ac_ctl_search,    &ac_ctl_approve,
  &ac_ctl_reject, &ac_ctl_undo, &ac_ctl_retry,   &ac_ctl_take_back, &ac_ctl_export, &ac_ctl_watch,
};

static char *address;
static char *token_file;
static char *ca_file;
static gboolean json;

static const GOptionEntry connection_options[] = {
  { "address", 0, 0, G_OPTION_ARG_STRING, &address,
    N_ ("The service, instead of ACTION_CENTER_ADDRESS or the window's"), N_ ("ADDRESS") },
  { "token-file", 0, 0, G_OPTION_ARG_FILENAME, &token_file,
    N_ ("Read the token from the first line of this file, instead of ACTION_CENTER_TOKEN_FILE or "
        "the Secret Service"),
    N_ ("FILE") },
  { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, &ca_file,
    N_ ("Trust this certificate authority, besides those of the system"), N_ ("FILE") },
  { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print JSON for programs, one object a line"),
    NULL },
  { NULL },
};

static void
print_help (void)
{
  g_print ("%s\n\n%s\n", _ ("Usage: actionctl COMMAND [OPTION…] [ID…]"), _ ("Commands:"));
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_print ("  %-11s%s\n", commands[i]->name, _ (commands[i]->summary));
  g_print ("\n%s\n", _ ("“actionctl COMMAND --help” lists the options of a command."));
}

static const AcCtlCommand *
find_command (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i]->name, name))
      return commands[i];
  return NULL;
}

static gboolean
parse_options (const AcCtlCommand *command, int *argc, char ***argv)
{
  const char *arguments = command->arguments != NULL ? _ (command->arguments) : NULL;
  g_autofree char *usage = g_strdup_printf ("%s%s%s", command->name, arguments != NULL ? " " : "",
                                            arguments != NULL ? arguments : "");
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_autoptr (GError) error = NULL;

  g_option_context_set_summary (context, _ (command->summary));
  g_option_context_add_main_entries (context, command->options, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, connection_options, GETTEXT_PACKAGE);
  if (g_option_context_parse (context, argc, argv, &error))
    return TRUE;
  ac_ctl_complain ("%s", error->message);
  return FALSE;
}

int
main (int argc, char **argv)
{
  const AcCtlCommand *command;
  /* For running from the build folder. */
  const char *locale_dir = g_getenv ("ACTION_CENTER_LOCALE_DIR");
  g_autoptr (AcApi) api = NULL;
  g_autoptr (GError) error = NULL;
  AcCtl ctl;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : AC_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("actionctl");

  if (argc < 2 || g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h"))
    {
      print_help ();
      return argc < 2 ? AC_CTL_USAGE : AC_CTL_DONE;
    }
  if (g_str_equal (argv[1], "--version"))
    {
      g_print ("actionctl %s\n", AC_VERSION);
      return AC_CTL_DONE;
    }
  command = find_command (argv[1]);
  if (command == NULL)
    {
      ac_ctl_complain (_ ("There is no command “%s”; “actionctl --help” lists them."), argv[1]);
      return AC_CTL_USAGE;
    }
  argv[1] = argv[0];
  argv++;
  argc--;
  if (!parse_options (command, &argc, &argv))
    return AC_CTL_USAGE;
  if ((command->arguments != NULL) != (argc > 1))
    {
      if (command->arguments != NULL)
        ac_ctl_complain (_ ("Name at least one id, or “-” to read ids from standard input."));
      else
        ac_ctl_complain (_ ("“%s” takes options only."), command->name);
      return AC_CTL_USAGE;
    }
  api = ac_ctl_connect (address, token_file, ca_file, &error);
  if (api == NULL)
    {
      ac_ctl_complain ("%s", error->message);
      return AC_CTL_FAILED;
    }
  ctl.api = api;
  ctl.json = json;
  return command->run (&ctl, (const char *const *)argv + 1);
}
