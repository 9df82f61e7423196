/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-number.h"
#include "responders/ac-forwarding-config.h"
#include "responders/ac-sieve-address.h"

#define GROUP "forwarding"
/* RFC 5804 section 1.6: servers must take names of 128 characters; ours gets a number behind it. */
#define MAX_NAME 100

/* Seconds. */
#define DEFAULT_RETRY 600
#define MAX_RETRY 604800

/* RFC 5804 section 3: a server begins in the clear and offers STARTTLS. */
static const AcServerSchemes schemes = {
  .starttls_scheme = "sieve",
  .starttls_port = 4190,
  .example = "sieve://host:port",
};

static gboolean
read_domains (AcForwardingConfig *config, GKeyFile *key_file, GError **error)
{
  g_autoptr (GStrvBuilder) domains = g_strv_builder_new ();
  g_auto (GStrv) words = NULL;
  g_autofree char *text = NULL;

  if (!ac_server_account_read_text (key_file, GROUP, "organisation-domains", TRUE, &text, error))
    return FALSE;
  words = g_strsplit (text, ";", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *word = g_strstrip (words[i]);
      const char *bare = g_str_has_prefix (word, "*.") ? word + 2 : word;
      g_autofree char *domain = NULL;
      g_autofree char *entry = NULL;

      if (*word == '\0')
        continue;
      domain = ac_sieve_domain_normalize (bare);
      if (domain == NULL)
        return ac_server_account_invalid (error, GROUP, "organisation-domains",
                                          "“%s” is not a domain such as example.org, or "
                                          "*.example.org for all below it.",
                                          word);
      entry = g_strconcat (bare != word ? "*." : "", domain, NULL);
      g_strv_builder_add (domains, entry);
    }
  config->domains = g_strv_builder_end (domains);
  return config->domains[0] != NULL ||
         ac_server_account_invalid (error, GROUP, "organisation-domains",
                                    "At least one domain is needed.");
}

/* RFC 5804 section 1.6 has no control characters and no line or paragraph separator in a name. */
static gboolean
read_script_name (AcForwardingConfig *config, GKeyFile *key_file, GError **error)
{
  g_autofree char *name = NULL;

  if (!ac_server_account_read_text (key_file, GROUP, "script-name", FALSE, &name, error))
    return FALSE;
  if (name == NULL)
    name = g_strdup ("action-center");
  if (!g_utf8_validate (name, -1, NULL) || g_utf8_strlen (name, -1) > MAX_NAME)
    return ac_server_account_invalid (error, GROUP, "script-name",
                                      "The name must be UTF-8 of at most %d characters.", MAX_NAME);
  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_iscntrl (c) || c == 0x2028 || c == 0x2029 || c == '/')
        return ac_server_account_invalid (error, GROUP, "script-name",
                                          "The name must not hold “/” or control characters.");
    }
  config->script_name = g_steal_pointer (&name);
  return TRUE;
}

static gboolean
read_retry (AcForwardingConfig *config, GKeyFile *key_file, GError **error)
{
  g_autofree char *text = NULL;

  if (!ac_server_account_read_text (key_file, GROUP, "retry-seconds", FALSE, &text, error))
    return FALSE;
  config->retry = DEFAULT_RETRY;
  return text == NULL || ac_number_parse (text, 1, MAX_RETRY, &config->retry) ||
         ac_server_account_invalid (error, GROUP, "retry-seconds",
                                    "“%s” is not a number from 1 to %d.", text, MAX_RETRY);
}

/**
 * ac_forwarding_config_new:
 *
 * Returns: (transfer full): the checked configuration, or %NULL with
 *   AC_SERVER_ACCOUNT_ERROR_INVALID.
 */
AcForwardingConfig *
ac_forwarding_config_new (GKeyFile *key_file, GError **error)
{
  g_autoptr (AcForwardingConfig) config = g_new0 (AcForwardingConfig, 1);

  if (!ac_server_account_read (&config->account, key_file, GROUP, &schemes, error) ||
      !read_domains (config, key_file, error) || !read_script_name (config, key_file, error) ||
      !read_retry (config, key_file, error))
    return NULL;
  return g_steal_pointer (&config);
}

void
ac_forwarding_config_free (AcForwardingConfig *config)
{
  ac_server_account_clear (&config->account);
  g_strfreev (config->domains);
  g_free (config->script_name);
  g_free (config);
}

/* Whether there is no such mailbox or the login itself is wrong, servers tell nobody. */
static void
explain_refusal (const AcForwardingConfig *config, const char *mailbox, GError **error)
{
  g_autofree char *reason = NULL;

  if (config->account.master_user != NULL)
    reason =
        g_strdup_printf ("there is no such mailbox, or “%s” may not act for it, or the password "
                         "in password-file is wrong",
                         config->account.master_user);
  else
    reason = g_strdup ("there is no such mailbox, or its password in password-file is wrong");
  g_prefix_error (error, "The login to the mailbox “%s” was refused: %s. ", mailbox, reason);
}

/**
 * ac_forwarding_config_connect:
 *
 * Returns: (transfer full): a connection that is logged in to the scripts of a mailbox; or %NULL
 * with AC_SIEVE_ERROR or %G_IO_ERROR_CANCELLED.
 */
AcSieveConnection *
ac_forwarding_config_connect (const AcForwardingConfig *config,
                              const char *mailbox,
                              GCancellable *cancellable,
                              GError **error)
{
  g_autoptr (AcSieveConnection) connection = NULL;
  AcServerEndpoint endpoint;
  AcServerLogin login;
  GError *problem = NULL;

  if (!ac_server_account_get_login (&config->account, mailbox, &login))
    {
      g_set_error (error, AC_SIEVE_ERROR, AC_SIEVE_ERROR_AUTHENTICATION,
                   "The password file of the service has no password for the mailbox “%s”.",
                   mailbox);
      return NULL;
    }
  ac_server_account_get_endpoint (&config->account, &endpoint);
  connection = ac_sieve_connection_open (&endpoint, cancellable, error);
  if (connection == NULL)
    return NULL;
  if (!ac_sieve_connection_login (connection, login.acting_for, login.user, login.password,
                                  &problem))
    {
      if (g_error_matches (problem, AC_SIEVE_ERROR, AC_SIEVE_ERROR_AUTHENTICATION))
        explain_refusal (config, mailbox, &problem);
      g_propagate_error (error, problem);
      return NULL;
    }
  return g_steal_pointer (&connection);
}
