/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <time.h>

#include "../model/builders.h"
#include "window/ac-investigation-assets.h"
#include "window/ac-text-row.h"

#define HEAD                                                                                       \
  "'id':'i','version':1,'title':'t','status':'running','createdAt':'2026-11-20T08:00:00Z',"        \
  "'updatedAt':'2026-11-20T08:00:00Z',"
#define ACTION(id, status, assets)                                                                 \
  "{'id':'" id "','version':1,'type':'softDeleteEmail','status':'" status                          \
  "','verdict':'malicious','source':'manual','assets':[" assets                                    \
  "],'entity':{'type':'emailMessage','messageId':'<m@x>'},"                                        \
  "'createdAt':'2026-11-20T08:00:00Z','updatedAt':'2026-11-20T08:00:00Z'}"

static AcInvestigation *
investigation_new (JsonObject *object)
{
  g_autoptr (GError) error = NULL;
  AcInvestigation *investigation =
      ac_investigation_new_from_json (object, AC_JSON_LENIENT, NULL, &error);

  g_assert_no_error (error);
  return investigation;
}

static GPtrArray *
rows_new (AcInvestigation *investigation, AcEntityType type)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);

  ac_investigation_assets_append (rows, investigation, type);
  return rows;
}

static void
assert_row (AcTextRow *row, const char *name, const char *numbers)
{
  g_autofree char *found =
      g_strjoin (" ", ac_text_row_get_text (row, 1), ac_text_row_get_text (row, 2),
                 ac_text_row_get_text (row, 3), NULL);

  g_assert_cmpstr (ac_text_row_get_text (row, 0), ==, name);
  g_assert_cmpstr (found, ==, numbers);
}

static void
test_each_asset_has_what_is_known_of_it_and_its_numbers (void)
{
  g_autoptr (JsonObject) object = object_from_text (
      "{" HEAD "'mailboxes':['b@x','a@x'],'devices':['pc'],"
      "'actions':[" ACTION ("1", "pending", "'a@x','b@x'") "," ACTION (
          "2", "completed",
          "'a@x'") "],"
                   "'entities':[{'verdict':'unknown','entity':{'type':'device','name':'pc','health'"
                   ":'active'}},"
                   "{'verdict':'unknown','entity':{'type':'device','name':'pc','health':'later'}}],"
                   "'evidence':[{'verdict':'malicious','entity':{'type':'mailbox','address':'a@x'},"
                   "'assets':['a@x','a@x']},"
                   "{'verdict':'malicious','entity':{'type':'url','url':'http://x/"
                   "'},'assets':['a@x','pc']}]}");
  g_autoptr (AcInvestigation) investigation = investigation_new (object);
  g_autoptr (GPtrArray) mailboxes = rows_new (investigation, AC_ENTITY_TYPE_MAILBOX);
  g_autoptr (GPtrArray) devices = rows_new (investigation, AC_ENTITY_TYPE_DEVICE);
  AcEntity *subject;

  g_assert_cmpuint (mailboxes->len, ==, 2);
  assert_row (mailboxes->pdata[0], "b@x", "1 1 0");
  assert_row (mailboxes->pdata[1], "a@x", "2 1 2");
  /* Of which nobody has said anything. */
  subject = ac_text_row_get_subject (mailboxes->pdata[0]);
  g_assert_cmpstr (ac_entity_get_entity_type (subject), ==, "mailbox");
  g_assert_cmpstr (ac_entity_get_string (subject, "address"), ==, "b@x");
  g_assert_cmpuint (devices->len, ==, 1);
  assert_row (devices->pdata[0], "pc", "0 0 1");
  subject = ac_text_row_get_subject (devices->pdata[0]);
  g_assert_cmpstr (ac_entity_get_string (subject, "health"), ==, "active");
}

/* An investigation of so many devices, of each of which something is known and was found. */
static AcInvestigation *
large_new (guint n)
{
  g_autoptr (GString) text = g_string_new ("{" HEAD "'devices':[");
  g_autoptr (JsonObject) object = NULL;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s'pc-%u'", i > 0 ? "," : "", i);
  for (guint k = 0; k < 2; k++)
    {
      g_string_append (text, k == 0 ? "],'entities':[" : "],'evidence':[");
      for (guint i = 0; i < n; i++)
        g_string_append_printf (text,
                                "%s{'verdict':'unknown','entity':{'type':'device','name':'pc-%u'}}",
                                i > 0 ? "," : "", n - 1 - i);
    }
  g_string_append (text, "]}");
  object = object_from_text (text->str);
  return investigation_new (object);
}

/* The least processor time of several tries, in seconds. */
static double
time_of (AcInvestigation *investigation, guint n)
{
  double least = G_MAXDOUBLE;

  for (guint i = 0; i < 3; i++)
    {
      clock_t start = clock ();
      g_autoptr (GPtrArray) rows = rows_new (investigation, AC_ENTITY_TYPE_DEVICE);

      least = MIN (least, (double)(clock () - start) / CLOCKS_PER_SEC);
      g_assert_cmpuint (rows->len, ==, n);
      assert_row (rows->pdata[n - 1], ac_text_row_get_text (rows->pdata[n - 1], 0), "0 0 1");
    }
  return least;
}

static void
test_sixteen_times_as_many_take_no_hundred_times_as_long (void)
{
  g_autoptr (AcInvestigation) few = large_new (500);
  g_autoptr (AcInvestigation) many = large_new (8000);
  double time_of_few = time_of (few, 500);
  double time_of_many = time_of (many, 8000);

  g_test_message ("%.6f s, %.6f s", time_of_few, time_of_many);
  /* Each compared with each would take 256 times as long. */
  g_assert_cmpfloat (time_of_many, <, 100 * MAX (time_of_few, 0.0001));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/window/investigation-assets/rows",
                   test_each_asset_has_what_is_known_of_it_and_its_numbers);
  g_test_add_func ("/window/investigation-assets/linear",
                   test_sixteen_times_as_many_take_no_hundred_times_as_long);
  return g_test_run ();
}
