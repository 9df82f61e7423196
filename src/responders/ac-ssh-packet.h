/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers and strings as SSH and SFTP have them in their packets (RFC 4251 §5). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void ac_ssh_put_u32 (GByteArray *packet, guint32 value);
void ac_ssh_put_u64 (GByteArray *packet, guint64 value);
void ac_ssh_put_bytes (GByteArray *packet, gconstpointer data, gsize length);
void ac_ssh_put_text (GByteArray *packet, const char *text);

/* What is left of a packet that is being read. What is missing at its end makes it bad, and is read
 * as 0. */
typedef struct
{
  const guint8 *at;
  gsize left;
  gboolean is_bad;
} AcSshReader;

guint32 ac_ssh_reader_get_u32 (AcSshReader *reader);
guint64 ac_ssh_reader_get_u64 (AcSshReader *reader);
const guint8 *ac_ssh_reader_get_bytes (AcSshReader *reader, gsize *length);
char *ac_ssh_reader_get_text (AcSshReader *reader);

G_END_DECLS
