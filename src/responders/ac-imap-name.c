/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GLib's iconv knows UTF-7, but IMAP's has “&” for “+”, “,” for “/”, no padding and one spelling
 * for each name, so it is written out here. */
#include "config.h"

#include <string.h>

#include "responders/ac-imap-name.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

static gboolean
is_plain (gunichar c)
{
  return c >= 0x20 && c <= 0x7e;
}

/* Sixteen bits at a time, in groups of six. */
typedef struct
{
  GString *text;
  guint32 bits;
  guint n_bits;
} Shifter;

static void
shift_unit (Shifter *shifter, guint16 unit)
{
  shifter->bits = (shifter->bits << 16) | unit;
  shifter->n_bits += 16;
  while (shifter->n_bits >= 6)
    {
      shifter->n_bits -= 6;
      g_string_append_c (shifter->text, digits[(shifter->bits >> shifter->n_bits) & 0x3f]);
    }
}

static void
shift_end (Shifter *shifter)
{
  if (shifter->n_bits > 0)
    g_string_append_c (shifter->text, digits[(shifter->bits << (6 - shifter->n_bits)) & 0x3f]);
  g_string_append_c (shifter->text, '-');
  shifter->n_bits = 0;
}

/**
 * ac_imap_name_encode:
 * @name: a folder's name in valid UTF-8
 *
 * Returns: (transfer full): the name for the wire.
 */
char *
ac_imap_name_encode (const char *name)
{
  Shifter shifter = { g_string_new (NULL), 0, 0 };
  gboolean shifted = FALSE;

  g_return_val_if_fail (g_utf8_validate (name, -1, NULL), NULL);

  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (is_plain (c))
        {
          if (shifted)
            shift_end (&shifter);
          shifted = FALSE;
          g_string_append_c (shifter.text, (char)c);
          if (c == '&')
            g_string_append_c (shifter.text, '-');
          continue;
        }
      if (!shifted)
        g_string_append_c (shifter.text, '&');
      shifted = TRUE;
      if (c >= 0x10000)
        {
          shift_unit (&shifter, (guint16)(0xd800 + ((c - 0x10000) >> 10)));
          shift_unit (&shifter, (guint16)(0xdc00 + ((c - 0x10000) & 0x3ff)));
        }
      else
        shift_unit (&shifter, (guint16)c);
    }
  if (shifted)
    shift_end (&shifter);
  return g_string_free (shifter.text, FALSE);
}

/* Appends what stands between “&” and “-”; FALSE when that is no UTF-16. */
static gboolean
append_shifted (GString *text, const char *from, gsize length)
{
  guint32 bits = 0;
  guint n_bits = 0;
  gunichar high = 0;

  for (gsize i = 0; i < length; i++)
    {
      const char *digit = strchr (digits, from[i]);
      gunichar unit;

      if (digit == NULL)
        return FALSE;
      bits = (bits << 6) | (guint32)(digit - digits);
      n_bits += 6;
      if (n_bits < 16)
        continue;
      n_bits -= 16;
      unit = (bits >> n_bits) & 0xffff;
      if (high != 0)
        {
          if (unit < 0xdc00 || unit > 0xdfff)
            return FALSE;
          g_string_append_unichar (text, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
          high = 0;
        }
      else if (unit >= 0xd800 && unit <= 0xdbff)
        high = unit;
      else if (unit == 0 || (unit >= 0xdc00 && unit <= 0xdfff))
        return FALSE;
      else
        g_string_append_unichar (text, unit);
    }
  /* What is left over is padding: less than a digit, and zero. */
  return high == 0 && n_bits < 6 && (bits & ((1u << n_bits) - 1)) == 0;
}

/**
 * ac_imap_name_decode:
 * @wire: a folder's name as the server wrote it
 *
 * Returns: (transfer full) (nullable): the name in UTF-8, or %NULL when @wire is no modified UTF-7.
 */
char *
ac_imap_name_decode (const char *wire)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *at = wire;

  while (*at != '\0')
    {
      const char *end;

      if (*at != '&')
        {
          if (!is_plain ((guchar)*at))
            return NULL;
          g_string_append_c (text, *at++);
          continue;
        }
      end = strchr (++at, '-');
      if (end == NULL)
        return NULL;
      if (end == at)
        g_string_append_c (text, '&');
      else if (!append_shifted (text, at, (gsize)(end - at)))
        return NULL;
      at = end + 1;
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * ac_imap_name_for_people:
 *
 * Returns: (transfer full): the name in UTF-8; a name that cannot be decoded as it is.
 */
char *
ac_imap_name_for_people (const char *wire)
{
  char *name = ac_imap_name_decode (wire);

  return name != NULL ? name : g_utf8_make_valid (wire, -1);
}

/**
 * ac_imap_name_equal:
 *
 * Returns: whether both names, as on the wire, mean the same folder: INBOX has no case.
 */
gboolean
ac_imap_name_equal (const char *a, const char *b)
{
  return strcmp (a, b) == 0 ||
         (g_ascii_strcasecmp (a, "INBOX") == 0 && g_ascii_strcasecmp (b, "INBOX") == 0);
}
