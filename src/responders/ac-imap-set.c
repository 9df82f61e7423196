/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "responders/ac-imap-set.h"

/**
 * ac_imap_set_format:
 * @uids: (array length=n_uids): UIDs in rising order, each once
 *
 * Returns: (transfer full): the shortest spelling.
 */
char *
ac_imap_set_format (const guint32 *uids, gsize n_uids)
{
  GString *text = g_string_new (NULL);
  gsize i = 0;

  while (i < n_uids)
    {
      gsize first = i;

      while (i + 1 < n_uids && uids[i + 1] == uids[i] + 1)
        i++;
      g_string_append_printf (text, "%s%u", text->len > 0 ? "," : "", uids[first]);
      if (i > first)
        g_string_append_printf (text, ":%u", uids[i]);
      i++;
    }
  return g_string_free (text, FALSE);
}

static gboolean
parse_uid (const char **at, guint32 *uid)
{
  guint64 value = 0;
  const char *from = *at;

  while (g_ascii_isdigit (**at) && value <= G_MAXUINT32)
    value = value * 10 + (guint64)g_ascii_digit_value (*(*at)++);
  *uid = (guint32)value;
  return *at > from && value > 0 && value <= G_MAXUINT32;
}

/**
 * ac_imap_set_parse:
 * @limit: at most this many UIDs, whatever the ranges claim
 *
 * Returns: (transfer full) (nullable) (element-type guint32): the UIDs in the order of the text,
 *   each range rising (RFC 4315, section 3), or %NULL when it is no set of at most @limit UIDs.
 */
GArray *
ac_imap_set_parse (const char *text, gsize limit)
{
  g_autoptr (GArray) uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  const char *at = text;

  for (;;)
    {
      guint32 first;
      guint32 last;

      if (!parse_uid (&at, &first))
        return NULL;
      last = first;
      if (*at == ':')
        {
          at++;
          if (!parse_uid (&at, &last))
            return NULL;
        }
      if (first > last)
        {
          guint32 swap = first;

          first = last;
          last = swap;
        }
      if ((gsize)(last - first) + 1 > limit - uids->len)
        return NULL;
      for (guint64 uid = first; uid <= last; uid++)
        {
          guint32 one = (guint32)uid;

          g_array_append_val (uids, one);
        }
      if (*at == '\0')
        return g_steal_pointer (&uids);
      if (*at++ != ',')
        return NULL;
    }
}
