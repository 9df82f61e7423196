/* SPDX-License-Identifier: GPL-3.0-or-later */
/* use-token store ADDRESS < TOKEN, lookup ADDRESS, clear ADDRESS: what the window does with a
 * token, for test_secret_service.py. Prints where the token is kept and, on lookup, the token. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "client/ac-connection.h"
#include "harness.h"

int
main (int argc, char **argv)
{
  g_autoptr (AcConnection) connection = ac_connection_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *token = NULL;
  GEnumClass *storages;

  g_return_val_if_fail (argc == 3, 2);
  ac_connection_set_address (connection, argv[2]);
  if (strcmp (argv[1], "store") == 0)
    {
      char line[256];

      if (fgets (line, sizeof line, stdin) == NULL)
        return 2;
      ac_connection_store_token_async (connection, g_strchomp (line), NULL, store_result_cb,
                                       &result);
      ac_connection_store_token_finish (connection, await (&result), &error);
    }
  else if (strcmp (argv[1], "lookup") == 0)
    {
      ac_connection_lookup_token_async (connection, NULL, store_result_cb, &result);
      token = ac_connection_lookup_token_finish (connection, await (&result), &error);
    }
  else
    {
      ac_connection_clear_token_async (connection, NULL, store_result_cb, &result);
      ac_connection_clear_token_finish (connection, await (&result), &error);
    }
  if (error != NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  storages = g_type_class_ref (AC_TYPE_TOKEN_STORAGE);
  g_print (
      "%s %s\n",
      g_enum_get_value (storages, (int)ac_connection_get_token_storage (connection))->value_nick,
      token != NULL ? token : "-");
  g_type_class_unref (storages);
  return 0;
}
