/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "responders/ac-ssh-packet.h"

void
ac_ssh_put_u32 (GByteArray *packet, guint32 value)
{
  guint32 big = GUINT32_TO_BE (value);

  g_byte_array_append (packet, (const guint8 *)&big, sizeof big);
}

void
ac_ssh_put_u64 (GByteArray *packet, guint64 value)
{
  guint64 big = GUINT64_TO_BE (value);

  g_byte_array_append (packet, (const guint8 *)&big, sizeof big);
}

void
ac_ssh_put_bytes (GByteArray *packet, gconstpointer data, gsize length)
{
  ac_ssh_put_u32 (packet, (guint32)length);
  g_byte_array_append (packet, data, (guint)length);
}

void
ac_ssh_put_text (GByteArray *packet, const char *text)
{
  ac_ssh_put_bytes (packet, text, strlen (text));
}

static const guint8 *
get_raw (AcSshReader *reader, gsize length)
{
  const guint8 *at = reader->at;

  if (reader->is_bad || length > reader->left)
    {
      reader->is_bad = TRUE;
      return NULL;
    }
  reader->at += length;
  reader->left -= length;
  return at;
}

guint32
ac_ssh_reader_get_u32 (AcSshReader *reader)
{
  const guint8 *at = get_raw (reader, 4);
  guint32 value = 0;

  if (at != NULL)
    memcpy (&value, at, sizeof value);
  return GUINT32_FROM_BE (value);
}

guint64
ac_ssh_reader_get_u64 (AcSshReader *reader)
{
  guint64 high = ac_ssh_reader_get_u32 (reader);

  return high << 32 | ac_ssh_reader_get_u32 (reader);
}

/**
 * ac_ssh_reader_get_bytes:
 *
 * Returns: (nullable): a place inside the packet; %NULL when it is bad.
 */
const guint8 *
ac_ssh_reader_get_bytes (AcSshReader *reader, gsize *length)
{
  *length = ac_ssh_reader_get_u32 (reader);
  return get_raw (reader, *length);
}

/**
 * ac_ssh_reader_get_text:
 *
 * Returns: (transfer full): the text; "" when it is bad. One with a NUL in it is bad.
 */
char *
ac_ssh_reader_get_text (AcSshReader *reader)
{
  gsize length;
  const guint8 *at = ac_ssh_reader_get_bytes (reader, &length);

  if (at != NULL && memchr (at, '\0', length) != NULL)
    reader->is_bad = TRUE;
  return reader->is_bad ? g_strdup ("") : g_strndup ((const char *)at, length);
}
