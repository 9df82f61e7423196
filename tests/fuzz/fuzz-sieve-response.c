/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as what a ManageSieve server says: the reader that cuts them into responses, and what
 * takes each of these apart. */
#include "config.h"

#include "responders/ac-server-reader.h"
#include "responders/ac-sieve-response.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const AcServerProtocol protocol = { "ManageSieve", 4096, ac_sieve_line_announces_literal };

static void
take_apart (const char *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AcSieveResponse) response = ac_sieve_response_parse (bytes, length, &error);

  if (response == NULL)
    {
      g_assert_error (error, AC_SIEVE_ERROR, AC_SIEVE_ERROR_PROTOCOL);
      return;
    }
  g_assert_true (g_utf8_validate (response->text, -1, NULL));
  for (guint i = 0; i < response->strings->len; i++)
    {
      g_autofree char *string = ac_sieve_response_dup_string (response, i);

      g_assert_true (string == NULL || g_utf8_validate (string, -1, NULL));
      g_assert_cmpuint (g_bytes_get_size (response->strings->pdata[i]), <=, length);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (data, (gssize)size, NULL);
  g_autoptr (AcServerReader) reader = ac_server_reader_new (stream, &protocol);
  gsize total = 0;

  take_apart ((const char *)data, size);
  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GByteArray) bytes = ac_server_reader_read (reader, NULL, &error);

      if (bytes == NULL)
        {
          g_assert_cmpint ((int)error->domain, ==, (int)AC_STREAM_ERROR);
          return 0;
        }
      total += bytes->len + 2;
      g_assert_cmpuint (total, <=, size);
      take_apart ((const char *)bytes->data, bytes->len);
    }
}
