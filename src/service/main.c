/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command action-centerd: runs the service, manages its tokens, checks its audit log. */
#include "config.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "model/ac-memory.h"
#include "service/ac-service.h"
#include "service/ac-token-file.h"
#include "store/ac-store.h"

#define DEFAULT_CONFIG AC_SYSCONF_DIR "/action-centerd.conf"

#define EXIT_USAGE 2

/* The text of a page of a thousand actions, and what it has outgrown on the way. Of what threads need
 * one heap beside that of the main thread is kept: with one for each worker there were 67 MB while a
 * cluster of 10,000 messages was carried out, and 37 MB with one for all. */
#define MOST_FROM_HEAP (8 * 1024 * 1024)
#define KEPT (16 * 1024 * 1024)

typedef struct
{
  char *config_path;
  char *name;
  char *role;
  GStrv listen;
  gboolean version;
  GStrv words; /* the command; empty: run the service */
} Arguments;

static void
arguments_clear (Arguments *arguments)
{
  g_free (arguments->config_path);
  g_free (arguments->name);
  g_free (arguments->role);
  g_strfreev (arguments->listen);
  g_strfreev (arguments->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

static int
complain (const char *message)
{
  g_printerr ("action-centerd: %s\n", message);
  return EXIT_FAILURE;
}

static int
complain_about_usage (const char *message)
{
  g_printerr ("action-centerd: %s\nTry “action-centerd --help”.\n", message);
  return EXIT_USAGE;
}

static int
add_token (AcTokenFile *tokens, const Arguments *arguments)
{
  AcRole role = ac_role_parse (arguments->role);
  g_autoptr (GError) error = NULL;
  g_autofree char *token = NULL;

  if (arguments->name == NULL || role == AC_ROLE_UNKNOWN)
    {
      g_autofree char *roles = ac_vocabulary_list (AC_VOCABULARY_ROLE);
      g_autofree char *message =
          g_strdup_printf ("“token add” needs --name NAME and --role with one of %s", roles);

      return complain_about_usage (message);
    }
  token = ac_token_file_add (tokens, arguments->name, role, &error);
  if (token == NULL)
    return complain (error->message);
  g_print ("%s\n", token);
  return EXIT_SUCCESS;
}

static int
list_tokens (AcTokenFile *tokens)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = ac_token_file_list (tokens, &error);

  if (lines == NULL)
    return complain (error->message);
  for (char **line = lines; *line != NULL; line++)
    g_print ("%s\n", *line);
  return EXIT_SUCCESS;
}

static int
revoke_token (AcTokenFile *tokens, const Arguments *arguments)
{
  g_autoptr (GError) error = NULL;

  if (arguments->name == NULL)
    return complain_about_usage ("“token revoke” needs --name NAME");
  if (!ac_token_file_revoke (tokens, arguments->name, &error))
    return complain (error->message);
  return EXIT_SUCCESS;
}

static int
run_token_command (const AcServiceConfig *config, const Arguments *arguments)
{
  g_autoptr (AcTokenFile) tokens = ac_token_file_new (config->tokens);
  const char *verb = arguments->words[1];

  if (g_strcmp0 (verb, "add") == 0)
    return add_token (tokens, arguments);
  if (g_strcmp0 (verb, "list") == 0)
    return list_tokens (tokens);
  if (g_strcmp0 (verb, "revoke") == 0)
    return revoke_token (tokens, arguments);
  return complain_about_usage ("“token” is followed by add, list or revoke");
}

static int
verify_audit (const AcServiceConfig *config)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AcStore) store = NULL;
  guint64 n_rows;

  store = ac_store_open_read_only (config->database, &error);
  if (store == NULL || !ac_store_verify_audit (store, &n_rows, &error))
    return complain (error->message);
  g_print ("The audit log is whole: %" G_GUINT64_FORMAT " entries.\n", n_rows);
  return EXIT_SUCCESS;
}

static int
run_service (AcServiceConfig *config, Arguments *arguments)
{
  g_autoptr (GError) error = NULL;

  if (arguments->listen != NULL)
    {
      g_strfreev (config->listen);
      config->listen = g_steal_pointer (&arguments->listen);
    }
  if (!ac_service_config_check_listen (config, &error) || !ac_service_run (config, &error))
    return complain (error->message);
  return EXIT_SUCCESS;
}

static int
run_command (Arguments *arguments)
{
  const char *path = arguments->config_path != NULL ? arguments->config_path : DEFAULT_CONFIG;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcServiceConfig) config = NULL;
  guint n_words = g_strv_length (arguments->words);
  gboolean is_token = n_words > 0 && strcmp (arguments->words[0], "token") == 0;
  gboolean is_audit = n_words == 2 && strcmp (arguments->words[0], "audit") == 0 &&
                      strcmp (arguments->words[1], "verify") == 0;

  if (n_words > 2 || (n_words > 0 && !is_token && !is_audit))
    return complain_about_usage (
        "The commands are “token add”, “token list”, “token revoke” and “audit verify”");
  config = ac_service_config_load (path, &error);
  if (config == NULL)
    return complain (error->message);
  if (is_token)
    return run_token_command (config, arguments);
  if (is_audit)
    return verify_audit (config);
  return run_service (config, arguments);
}

int
main (int argc, char **argv)
{
  g_auto (Arguments) arguments = { NULL };
  const GOptionEntry entries[] = {
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &arguments.config_path, "The configuration file",
      "FILE" },
    { "listen", 0, 0, G_OPTION_ARG_STRING_ARRAY, &arguments.listen,
      "Listen here and not where the file says; may be repeated", "ADDRESS" },
    { "name", 0, 0, G_OPTION_ARG_STRING, &arguments.name, "Whom a token is for", "NAME" },
    { "role", 0, 0, G_OPTION_ARG_STRING, &arguments.role,
      "What a token allows: reader, responder, detector or admin", "ROLE" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &arguments.version, "Print the version and end", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &arguments.words, NULL, "[COMMAND]" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  ac_memory_keep (MOST_FROM_HEAP, KEPT);
  setlocale (LC_ALL, "");
  g_option_context_set_summary (context, "The remote Action Center service.");
  g_option_context_set_description (context,
                                    "Commands:\n"
                                    "  token add --name NAME --role ROLE  make a token\n"
                                    "  token list                         who has a token\n"
                                    "  token revoke --name NAME           make it worthless\n"
                                    "  audit verify                       check the audit log\n"
                                    "Without a command the service runs.\n");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return complain_about_usage (error->message);
  if (arguments.version)
    {
      g_print ("action-centerd %s\n", AC_VERSION);
      return EXIT_SUCCESS;
    }
  if (arguments.words == NULL)
    arguments.words = g_new0 (char *, 1);
  return run_command (&arguments);
}
