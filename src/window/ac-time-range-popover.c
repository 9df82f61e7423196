/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-time.h"
#include "window/ac-time-range-popover.h"
#include "window/ac-time-text.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

struct _AcTimeRangePopover
{
  GtkPopover parent_instance;

  GtkBox *choices;
  GtkWidget *custom;
  GtkEntry *from;
  GtkEntry *to;
  GtkLabel *problem;
  GtkWidget *apply;
  GtkLabel *kept;

  GtkWidget *buttons[AC_N_TIME_RANGES];
  AcActionTab *tab; /* owned */
};

G_DEFINE_FINAL_TYPE (AcTimeRangePopover, ac_time_range_popover, GTK_TYPE_POPOVER)

/* *time: of the first moment, or of the first one after the day. An empty day is no bound. */
static gboolean
read_day (GtkEntry *entry, gboolean end, gint64 *time)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));
  gint64 start;
  gint64 next;

  *time = AC_TIME_NONE;
  if (*text == '\0')
    return TRUE;
  if (!ac_time_text_parse_day (text, &start, &next))
    return FALSE;
  *time = end ? next : start;
  return TRUE;
}

/* Says what is wrong with the days, and whether they can be applied. */
static gboolean
check_days (AcTimeRangePopover *self, AcTimeRange *range)
{
  gboolean good_from = read_day (self->from, FALSE, &range->from);
  gboolean good_to = read_day (self->to, TRUE, &range->to);
  const char *problem = NULL;

  range->kind = AC_TIME_RANGE_CUSTOM;
  if (!good_from || !good_to)
    problem = _ ("Type a day as year-month-day, such as 2026-03-01.");
  else if (range->from == AC_TIME_NONE && range->to == AC_TIME_NONE)
    problem = _ ("Type the first day, the last day or both.");
  else if (range->from != AC_TIME_NONE && range->to != AC_TIME_NONE && range->to <= range->from)
    problem = _ ("The last day is before the first.");
  gtk_label_set_text (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_sensitive (self->apply, problem == NULL);
  return problem == NULL;
}

static void
days_cb (AcTimeRangePopover *self)
{
  AcTimeRange range;

  check_days (self, &range);
}

static void
apply_cb (AcTimeRangePopover *self)
{
  AcTimeRange range;

  if (!check_days (self, &range))
    return;
  ac_action_tab_set_range (self->tab, &range);
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
choice_cb (GtkCheckButton *button, AcTimeRangePopover *self)
{
  AcTimeRange range = {
    .kind =
        (AcTimeRangeKind)GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "ac-time-range")),
    .from = AC_TIME_NONE,
    .to = AC_TIME_NONE,
  };
  gboolean custom = range.kind == AC_TIME_RANGE_CUSTOM;

  if (!gtk_check_button_get_active (button) || self->tab == NULL)
    return;
  gtk_widget_set_visible (self->custom, custom);
  if (custom)
    {
      days_cb (self);
      gtk_widget_grab_focus (GTK_WIDGET (self->from));
      return;
    }
  ac_action_tab_set_range (self->tab, &range);
}

static void
ac_time_range_popover_dispose (GObject *object)
{
  AcTimeRangePopover *self = AC_TIME_RANGE_POPOVER (object);

  g_clear_object (&self->tab);
  G_OBJECT_CLASS (ac_time_range_popover_parent_class)->dispose (object);
}

static void
ac_time_range_popover_class_init (AcTimeRangePopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_time_range_popover_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-time-range-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, AcTimeRangePopover, choices);
  gtk_widget_class_bind_template_child (widget_class, AcTimeRangePopover, custom);
  gtk_widget_class_bind_template_child (widget_class, AcTimeRangePopover, from);
  gtk_widget_class_bind_template_child (widget_class, AcTimeRangePopover, to);
  gtk_widget_class_bind_template_child (widget_class, AcTimeRangePopover, problem);
  gtk_widget_class_bind_template_child (widget_class, AcTimeRangePopover, apply);
  gtk_widget_class_bind_template_child (widget_class, AcTimeRangePopover, kept);
  gtk_widget_class_bind_template_callback (widget_class, days_cb);
  gtk_widget_class_bind_template_callback (widget_class, apply_cb);
}

static void
ac_time_range_popover_init (AcTimeRangePopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < AC_N_TIME_RANGES; i++)
    {
      GtkWidget *button =
          gtk_check_button_new_with_label (ac_time_range_get_label ((AcTimeRangeKind)i));

      g_object_set_data (G_OBJECT (button), "ac-time-range", GINT_TO_POINTER (i));
      if (i > 0)
        gtk_check_button_set_group (GTK_CHECK_BUTTON (button), GTK_CHECK_BUTTON (self->buttons[0]));
      gtk_box_append (self->choices, button);
      self->buttons[i] = button;
    }
}

/* What is older is not found, however far back one looks. */
static void
show_kept (AcTimeRangePopover *self, gint64 history_days)
{
  g_autofree char *days = ac_wording_number ((guint64)MAX (history_days, 0));
  g_autofree char *text = g_strdup_printf (
      ngettext ("The service keeps settled actions for %s day; what undo can still bring back, longer.",
                "The service keeps settled actions for %s days; what undo can still bring back, "
                "longer.",
                (gulong)history_days),
      days);

  if (history_days > 0)
    gtk_label_set_text (self->kept, text);
  gtk_widget_set_visible (GTK_WIDGET (self->kept), history_days > 0);
}

/**
 * ac_time_range_popover_new:
 * @tab: what is looked at
 * @history_days: how long the service keeps what is settled; 0: for ever, or not known
 *
 * Returns: (transfer floating): a popover, to be thrown away when it is closed.
 */
GtkWidget *
ac_time_range_popover_new (AcActionTab *tab, gint64 history_days)
{
  AcTimeRangePopover *self = g_object_new (AC_TYPE_TIME_RANGE_POPOVER, NULL);
  const AcTimeRange *range = ac_action_tab_get_range (tab);

  if (range->kind == AC_TIME_RANGE_CUSTOM)
    {
      g_autofree char *from = ac_time_text_day (range->from);
      g_autofree char *to =
          ac_time_text_day (range->to != AC_TIME_NONE ? range->to - 1 : AC_TIME_NONE);

      gtk_editable_set_text (GTK_EDITABLE (self->from), from);
      gtk_editable_set_text (GTK_EDITABLE (self->to), to);
      gtk_widget_set_visible (self->custom, TRUE);
    }
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->buttons[range->kind]), TRUE);
  show_kept (self, history_days);
  self->tab = g_object_ref (tab);
  for (guint i = 0; i < AC_N_TIME_RANGES; i++)
    g_signal_connect (self->buttons[i], "toggled", G_CALLBACK (choice_cb), self);
  return GTK_WIDGET (self);
}
