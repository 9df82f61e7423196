/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reading of request heads and chunked bodies. */
#include "config.h"

#include <string.h>

#include "service/ac-chunk-decoder.h"
#include "service/ac-http-head.h"

static AcHttpHead *
parse (const char *text)
{
  AcProblem *problem = NULL;
  AcHttpHead *head = ac_http_head_parse (text, strlen (text), &problem);

  g_assert_null (problem);
  g_assert_nonnull (head);
  return head;
}

static void
test_parts (void)
{
  g_autoptr (AcHttpHead) head = parse ("POST /a%20b?c=d&e HTTP/1.1\r\nhost: x:80\r\n"
                                       "Content-Length:  12 \r\nExpect: 100-continue\r\n\r\n");

  g_assert_cmpstr (head->method, ==, "POST");
  g_assert_cmpstr (head->path, ==, "/a%20b");
  g_assert_cmpstr (head->query, ==, "c=d&e");
  g_assert_cmpint (head->content_length, ==, 12);
  g_assert_true (head->expect_continue);
  g_assert_true (head->keep_alive);
  g_assert_false (head->chunked);
}

static void
test_keep_alive (void)
{
  g_autoptr (AcHttpHead) close_head =
      parse ("GET / HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n");
  g_autoptr (AcHttpHead) old_head = parse ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

  g_assert_false (close_head->keep_alive);
  g_assert_false (old_head->keep_alive);
  g_assert_null (old_head->query);
}

/* However the bytes are cut, the end is found, and where it is. */
static void
test_end_in_pieces (void)
{
  const char *text = "GET / HTTP/1.1\r\nHost: x\r\n\r\nrest\r\n\r\n";
  gsize end = strlen ("GET / HTTP/1.1\r\nHost: x\r\n\r\n");

  for (gsize step = 1; step < 8; step++)
    {
      gsize scanned = 0;
      gsize found = 0;

      for (gsize length = step; found == 0 && length <= strlen (text); length += step)
        {
          found = ac_http_head_find_end (text, length, scanned);
          scanned = length;
        }
      g_assert_cmpuint (found, ==, end);
    }
}

/* One byte of a good head is replaced by each other byte: nothing but a head or a problem comes
 * out. */
static void
test_every_byte (void)
{
  const char *good =
      "POST /a?b=c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nA: b\r\n\r\n";
  gsize length = strlen (good);
  guint accepted = 0;

  for (gsize at = 0; at < length; at++)
    for (guint byte = 0; byte < 256; byte++)
      {
        g_autofree char *text = g_memdup2 (good, length);
        g_autoptr (AcHttpHead) head = NULL;
        AcProblem *problem = NULL;
        gsize end;

        text[at] = (char)byte;
        end = ac_http_head_find_end (text, length, 0);
        if (end == 0)
          continue;
        head = ac_http_head_parse (text, end, &problem);
        g_assert_true ((head == NULL) == (problem != NULL));
        if (head != NULL)
          {
            accepted++;
            g_assert_true (byte >= 0x20 || byte == '\t' || byte == '\r' || byte == '\n');
            g_assert_cmpuint (byte, <, 0x7f);
          }
        g_clear_pointer (&problem, ac_problem_free);
      }
  g_assert_cmpuint (accepted, >, length);
}

static AcChunkStatus
decode (const char *text, gsize step, GByteArray *body, gsize *total)
{
  AcChunkDecoder decoder;
  AcChunkStatus status = AC_CHUNK_MORE;
  gsize length = strlen (text);

  ac_chunk_decoder_init (&decoder);
  *total = 0;
  while (status == AC_CHUNK_MORE && *total < length)
    {
      gsize used;

      status = ac_chunk_decoder_feed (&decoder, (const guint8 *)text + *total,
                                      MIN (step, length - *total), &used, body);
      *total += used;
    }
  return status;
}

static void
test_chunks_in_pieces (void)
{
  const char *text = "5\r\nhello\r\n1;a=\"b\"\r\n \r\n0000006\r\nworld!\r\n0\r\nTrailer: x\r\n\r\n";
  g_autofree char *longer = g_strconcat (text, "GET /", NULL);

  for (gsize step = 1; step <= strlen (longer); step++)
    {
      g_autoptr (GByteArray) body = g_byte_array_new ();
      gsize total;

      g_assert_cmpint (decode (longer, step, body, &total), ==, AC_CHUNK_DONE);
      g_assert_cmpuint (total, ==, strlen (text));
      g_assert_cmpmem (body->data, body->len, "hello world!", 12);
    }
}

static void
test_chunks_refused (void)
{
  const char *const bad[] = { "\r\n",        "x\r\n",         "5\n",       "5\r5",
                              "1\r\nab\r\n", "1\r\na\rb",     "-1\r\n",    " 1\r\n",
                              "0x1\r\n",     "000000001\r\n", "0\r\na\nb", "0\r\n\x01",
                              "1;\x02\r\n",  "ffffffffff\r\n" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    for (gsize step = 1; step < 4; step++)
      {
        g_autoptr (GByteArray) body = g_byte_array_new ();
        gsize total;

        g_assert_cmpint (decode (bad[i], step, body, &total), ==, AC_CHUNK_ERROR);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/service/http-head/tells-the-parts", test_parts);
  g_test_add_func ("/service/http-head/knows-when-the-connection-ends", test_keep_alive);
  g_test_add_func ("/service/http-head/finds-its-end-in-pieces", test_end_in_pieces);
  g_test_add_func ("/service/http-head/takes-no-byte-it-should-not", test_every_byte);
  g_test_add_func ("/service/chunk-decoder/reads-in-pieces", test_chunks_in_pieces);
  g_test_add_func ("/service/chunk-decoder/refuses-what-is-not-chunks", test_chunks_refused);
  return g_test_run ();
}
