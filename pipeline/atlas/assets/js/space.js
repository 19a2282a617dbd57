/* Places: metres RD of the data, metres of the map (Web Mercator, x to the east and y down, from the middle of the
   data so that small numbers stay exact), and latitude and longitude. */

const RADIUS = 6378137;
/** Metres of Web Mercator around the world. */
export const WORLD = 2 * Math.PI * RADIUS;

const mercator = ({ lat, lng }) => [
  (RADIUS * lng * Math.PI) / 180,
  RADIUS * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)),
];

/** The ways between them; the polynomial from RD is fitted when the page is made. */
export function makeSpace({ centre, scale, degree, x, y }) {
  const [originX, originY] = [x[0], y[0]]; // the constant terms: where the middle of the data lies
  /** `into` takes the answer: a list for each of 200,000 corners is much to clear away. */
  const fromRd = (east, north, into = [0, 0]) => {
    const u = (east - centre[0]) / scale;
    const v = (north - centre[1]) / scale;
    let sumX = -originX;
    let sumY = originY;
    for (let i = 0, k = 0, powerU = 1; i <= degree; i++, powerU *= u) {
      for (let j = 0, term = powerU; j <= degree - i; j++, k++, term *= v) {
        sumX += x[k] * term;
        sumY -= y[k] * term;
      }
    }
    into[0] = sumX;
    into[1] = sumY;
    return into;
  };
  return {
    fromRd,
    /** Of the north-west corner of the world, where tiles are counted from. */
    corner: [-WORLD / 2 - originX, -WORLD / 2 + originY],
    toLatLng: (px, py) => ({
      lat: (360 * Math.atan(Math.exp((originY - py) / RADIUS))) / Math.PI - 90,
      lng: (180 * (px + originX)) / (Math.PI * RADIUS),
    }),
    fromLatLng(latlng) {
      const [mx, my] = mercator(latlng);
      return [mx - originX, originY - my];
    },
    /** Metres on the ground in a metre of the map: the map is stretched away from the equator. */
    ground: (py) => 1 / Math.cosh((originY - py) / RADIUS),
  };
}
