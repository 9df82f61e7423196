/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "client/ac-token.h"

/**
 * ac_token_read:
 * @path: a file that nobody else may read, or a pipe
 *
 * Returns: (transfer full): its first line; free it with ac_token_forget(). Or %NULL with a
 *   G_FILE_ERROR, a sentence for a person.
 */
char *
ac_token_read (const char *path, GError **error)
{
  char *token = NULL;
  char *end;
  GStatBuf info;

  if (!g_file_get_contents (path, &token, NULL, error))
    return NULL;
  if (g_stat (path, &info) == 0 && (info.st_mode & S_IFMT) == S_IFREG &&
      (info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    {
      ac_token_forget (token);
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_PERM,
                   _ ("Others may read the token file “%s”. Make it readable by you only, with "
                      "“chmod 600”, and have a new token made."),
                   path);
      return NULL;
    }
  end = strpbrk (token, "\r\n");
  if (end != NULL)
    *end = '\0';
  g_strstrip (token);
  if (*token == '\0')
    {
      ac_token_forget (token);
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                   _ ("The token file “%s” is empty. Put the token into its first line."), path);
      return NULL;
    }
  return token;
}

/**
 * ac_token_forget:
 * @token: (transfer full) (nullable): is overwritten before its memory is given back
 */
void
ac_token_forget (char *token)
{
  volatile char *at = token;

  if (token == NULL)
    return;
  while (*at != '\0')
    *at++ = '\0';
  g_free (token);
}

/**
 * ac_token_is_bearer:
 *
 * Returns: whether @token can be sent as one: RFC 6750 §2.1; that also keeps line breaks out of the
 * header.
 */
gboolean
ac_token_is_bearer (const char *token)
{
  gsize length = strspn (token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789-._~+/=");

  return length > 0 && token[length] == '\0';
}
